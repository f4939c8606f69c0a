"""The official SOP sheet as a drawing: a procedure becomes geometry, and geometry becomes SVG."""
