"""`souk up`: services, web and worker under one supervisor that leaves nothing behind."""
