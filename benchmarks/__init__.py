"""Measurements of the Census workflow: helix-jupyter, a full rerun, the lower bound and the nearest tools."""
