"""Shops as the platform sees them: tenants, domains, pods, staff memberships, provisioning."""
