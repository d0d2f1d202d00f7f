"""Themes before they are live: `<shop>.preview.<base>` for whoever has a pass, in the editor's frame or by a link."""
