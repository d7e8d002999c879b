"""From versions, plans and graphs as plain data to text, SVG and HTML. Knows nothing of sessions."""
