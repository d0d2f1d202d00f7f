"""Finding products: what is indexed, what can be asked, and what happens when the engine is down."""
