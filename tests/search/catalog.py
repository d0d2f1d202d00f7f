"""A small shop's products as an engine gets them."""

from __future__ import annotations

from datetime import UTC, datetime

from souk.search.engine import ProductDocument

KETTLE, MUG, POT, LAMP, CLOTH, CAFE = 1, 2, 3, 4, 5, 6


def published(day: int) -> datetime:
    return datetime(2027, 1, day, tzinfo=UTC)


CATALOG = (
    ProductDocument(
        id=KETTLE, version=1, handle="copper-kettle", title="Copper Kettle",
        description="Boils a litre in three minutes.\nHandle: oak", brand="Harbour", category=("Kitchen", "Kettles"),
        tags=("gift",), skus=("KET-001",), barcodes=("4006381333931",), options={"Color": ("Copper", "Black")},
        price_min=8900, price_max=9900, rating=45, rating_count=10, in_stock=True, published_at=published(1),
        collection_ids=(7,),
    ),
    ProductDocument(
        id=MUG, version=1, handle="stoneware-mug", title="Stoneware Mug",
        description="Goes well with the kettle of the same name.", brand="Clayworks", category=("Kitchen", "Cups"),
        options={"Color": ("White", "Black")}, price_min=1400, price_max=1400, rating=48, rating_count=3,
        in_stock=True, published_at=published(2),
    ),
    ProductDocument(
        id=POT, version=1, handle="tea-pot", title="Tea Pot", description="Glass, with a strainer.",
        brand="Kettle", category=("Kitchen", "Cups"), price_min=3200, price_max=3200, rating=20, rating_count=1,
        in_stock=False, published_at=published(3),
    ),
    ProductDocument(
        id=LAMP, version=1, handle="desk-lamp", title="Desk Lamp", description="Warm light for long evenings.",
        brand="Harbour", category=("Living", "Lamps"), options={"Color": ("Black",)}, price_min=5600,
        price_max=5600, rating=30, rating_count=2, in_stock=True, published_at=published(4),
    ),
    ProductDocument(
        id=CLOTH, version=1, handle="linen-cloth", title="Linen Cloth", description="Dries glasses.",
        brand="Clayworks", category=("Kitchen",), options={"Size": ("S", "M")}, price_min=900, price_max=1200,
        in_stock=True, published_at=published(5),
    ),
    ProductDocument(
        id=CAFE, version=1, handle="cafe-table", title="Café Tables", description="Round, for two.", brand="Harbour",
        category=("Living",), price_min=24000, price_max=24000, in_stock=False, published_at=published(6),
    ),
)  # fmt: skip
