"""The filters of the theme language, in one registry that the environment, the check and the reference read."""
