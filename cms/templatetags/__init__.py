"""Tags for templates of the whole house."""
