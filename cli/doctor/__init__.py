"""`souk doctor`: look at everything that a running platform needs."""
