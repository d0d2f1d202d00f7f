"""Processes killed, stores flushed and restarted: nothing is lost and nothing happens twice."""
