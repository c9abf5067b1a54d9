"""What the market keeps of a person, handing it out, and erasing it."""
