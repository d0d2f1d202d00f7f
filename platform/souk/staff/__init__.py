"""The people who work in shops: accounts, sessions, memberships and roles. All records are the platform's own."""
