"""Plugins that come with the platform; each stands on plugins.api alone."""
