"""The tags of the theme language; each parses to a call that no template can spell itself."""
