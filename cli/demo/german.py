"""What Lumen Studio says in German: its front, menus, collections, goods and words, each under what it says in English."""

# ruff: noqa: E501 - prose is not wrapped, and German has its own dashes
from __future__ import annotations

from sqlalchemy.orm import Session

from cli.demo.catalog import Shop
from cli.demo.german_goods import TITLES, WORDS
from souk.kernel.localized import ENTRY, LABEL, MENU, THEME
from souk.translating.save import save_translations
from souk.translating.sources import ROWS, Resource, Text, read_resources
from themes.translatable import texts_of
from themes.work import live_work

LOCALE = "de"
_P, _END = "<p>", "</p>"
GERMAN = {
    # The front
    "Light, paper, wool": "Licht, Papier, Wolle",
    "Things for the hours that belong to you, from small workshops in Germany.": "Dinge für die Stunden, die dir gehören, aus kleinen Werkstätten in Deutschland.",
    "See the lamps": "Zu den Leuchten",
    "We make little and keep it for long: nothing leaves the range because a season ends.": "Wir machen wenig und behalten es lange: Nichts verlässt das Sortiment, nur weil eine Saison endet.",
    "A shop and a workshop in a former printing house in Berlin-Kreuzberg.": "Ein Laden und eine Werkstatt in einer ehemaligen Druckerei in Berlin-Kreuzberg.",
    "Beautiful switched off": "Auch ausgeschaltet schön",
    "Stationery": "Papeterie",
    "A desk worth sitting at": "Ein Schreibtisch, an dem man gern sitzt",
    "Sewn paper that lies flat, turned pens, and a cup that keeps them upright.": "Geheftetes Papier, das flach liegt, gedrechselte Stifte und ein Becher, der sie aufrecht hält.",
    "Shop stationery": "Zur Papeterie",
    "From the studio": "Aus dem Atelier",
    "Knitwear": "Strick",
    "Knitted in one piece": "In einem Stück gestrickt",
    "Wool from the Rhön, no side seams, no scratching.": "Wolle aus der Rhön, ohne Seitennähte, ohne Kratzen.",
    "Shop knitwear": "Zum Strick",
    "No glare, warm and even. The dimmer has no hum, which is rarer than it should be.": "Blendet nicht, warm und gleichmäßig. Der Dimmer brummt nicht, was seltener ist, als es sein sollte.",
    "It opens flat from the first page to the last. I ordered three more.": "Es liegt von der ersten bis zur letzten Seite flach. Ich habe drei nachbestellt.",
    "All prices include VAT": "Alle Preise enthalten die MwSt.",
    "DHL GoGreen: two to three days within Germany": "DHL GoGreen: zwei bis drei Tage innerhalb Deutschlands",
    "Made slowly, in Kreuzberg.": "Langsam gemacht, in Kreuzberg.",
    "We draw lamps, bind books and sell the things of friends who sew and knit.": "Wir zeichnen Leuchten, binden Bücher und verkaufen, was Freunde nähen und stricken.",
    # Menus and collections
    "Main menu": "Hauptmenü",
    "Footer menu": "Fußmenü",
    "Lighting": "Leuchten",
    "Pendants": "Pendelleuchten",
    "Bags": "Taschen",
    "Apparel": "Kleidung",
    "Studio": "Atelier",
    "Search": "Suche",
    "Journal": "Journal",
    "Find your order": "Bestellung finden",
    "Contact": "Kontakt",
    "Shipping & returns": "Versand und Rückgabe",
    "Privacy": "Datenschutz",
    "Terms": "AGB",
    "Bestsellers": "Bestseller",
    "Gifts": "Geschenke",
    "What our customers come back for.": "Wofür unsere Kundschaft wiederkommt.",
    "Lamps that are beautiful switched off.": "Leuchten, die auch ausgeschaltet schön sind.",
    "Light from above, without glare.": "Licht von oben, ohne zu blenden.",
    "Paper with a memory.": "Papier mit Gedächtnis.",
    "Canvas and leather, repaired for free.": "Canvas und Leder, kostenlos repariert.",
    "A small wardrobe with a long life.": "Eine kleine Garderobe mit langem Leben.",
    "Wool from the Rhön, knitted in one piece.": "Wolle aus der Rhön, in einem Stück gestrickt.",
    "For birthdays, thank-yous and no reason at all.": "Für Geburtstage, ein Dankeschön oder einfach so.",
    # Words of options, categories and specifications, and of shipping rates
    "DHL, heavy parcel": "DHL, schweres Paket",
    "DHL Europaket": "DHL Paket Europa",
    "Colour": "Farbe",
    "Size": "Größe",
    "Material": "Material",
    "Height": "Höhe",
    "Diameter": "Durchmesser",
    "Socket": "Fassung",
    "Cable": "Kabel",
    "Reach": "Reichweite",
    "Light": "Licht",
    "Power": "Leistung",
    "Brass": "Messing",
    "Black": "Schwarz",
    "White": "Weiß",
    "Cobalt": "Kobalt",
    "Mustard": "Senf",
    "Oak": "Eiche",
    "Walnut": "Nussbaum",
    "Forest": "Waldgrün",
    "Chalk": "Kreide",
    "Charcoal": "Anthrazit",
    "Cream": "Creme",
    "Navy": "Marine",
    "Sand": "Sand",
    "Accessories": "Accessoires",
    "Table Lamps": "Tischleuchten",
    "Desk Lamps": "Schreibtischleuchten",
    "Floor Lamps": "Stehleuchten",
    "Solid wood, linen": "Massivholz, Leinen",
    "Paper, metal": "Papier, Metall",
    "3 m textile": "3 m textilummantelt",
    # Goods
    "Zirkel Desk Lamp": "Schreibtischleuchte Zirkel",
    "Dreibein Floor Lamp": "Stehleuchte Dreibein",
    "Kuppel Pendant": "Pendelleuchte Kuppel",
    "Trichter Pendant": "Pendelleuchte Trichter",
    "Forty-four pleats, folded by hand from one sheet of coated paper, on a stem as thin as we dared.": "Vierundvierzig Falten, von Hand aus einem Bogen beschichteten Papiers gefaltet, auf einem Fuß, so dünn, wie wir uns trauten.",
    "Two arms, two joints and no springs: it stays where you leave it. Warm for evenings, cool for tax returns.": "Zwei Arme, zwei Gelenke und keine Federn: Sie bleibt, wo man sie lässt. Warm für den Abend, kühl für die Steuererklärung.",
    "Three ash legs and a wide drum of linen. Reads over your shoulder without looking at the screen.": "Drei Beine aus Esche und ein weiter Schirm aus Leinen. Liest über die Schulter mit, ohne auf den Bildschirm zu schauen.",
    "A spun dome, white inside so that the table is bright and the eyes are not.": "Eine gedrückte Kuppel, innen weiß: hell für den Tisch, nicht für die Augen.",
    # Pages and posts
    "About us": "Über uns",
    "Light for reading, light for dinner": "Licht zum Lesen, Licht zum Essen",
    "One lamp is never enough, and three are often too many.": "Eine Leuchte ist nie genug, und drei sind oft zu viele.",
    "Why our sweaters have no side seams": "Warum unsere Pullover keine Seitennähte haben",
    "A sweater knitted in the round has nowhere to come apart.": "Ein rund gestrickter Pullover hat keine Stelle, an der er aufgeht.",
    # Size charts
    "Sizes of shirts": "Größen der Hemden",
    "Sizes of knitwear": "Größen der Strickwaren",
    **TITLES,
    **WORDS,
}


_TABLE = {
    "Size": "Größe", "Chest": "Brust", "Length": "Länge", "Sleeve": "Ärmel",
    "In centimetres, laid flat.": "In Zentimetern, flach gelegt.",
}  # fmt: skip


def speak_german(session: Session, shop: Shop) -> None:
    """Translate what is known; the rest stays for whoever opens the dashboard's page of translations."""
    if LOCALE not in shop.languages:
        return
    resources = [each for kind in (*ROWS, ENTRY, MENU, LABEL) for each in read_resources(session, kind, limit=500)]
    for resource in (*resources, _theme(session)):
        known = {text.field: said for text in resource.texts if (said := _said(text))}
        if known:
            save_translations(session, resource, LOCALE, known)


def _theme(session: Session) -> Resource:
    work = live_work(session)
    texts = texts_of(work.theme()) if work else {}
    return Resource(THEME, 0, "", [Text(digest, source, html) for digest, (source, html) in texts.items()])


def _said(text: Text) -> str:
    source = text.source.strip()
    if source.startswith(_P) and source.endswith(_END):
        inner = GERMAN.get(source.removeprefix(_P).removesuffix(_END))
        return f"{_P}{inner}{_END}" if inner else ""
    if source.startswith("<table>"):
        for english, german in _TABLE.items():
            source = source.replace(f">{english}<", f">{german}<")
        return source
    return GERMAN.get(source, "")
