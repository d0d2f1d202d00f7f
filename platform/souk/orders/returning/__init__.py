"""Returns, exchanges and claims: requested, approved, received, inspected and settled."""
