"""The rules a theme is checked by; `themes.validate.check` runs them all."""
