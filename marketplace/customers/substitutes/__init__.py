"""What may come instead of goods that a farm has too little of: a page by signed link."""
