"""SVG drawings, written anew from what is known to be harmless."""
