"""Three revision chains (control, pod, tenant), the SQL made from them, and the generated tenant DDL."""
