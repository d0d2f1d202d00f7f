"""The engines behind `souk.search.engine.SearchEngine`; only the composition root chooses one."""
