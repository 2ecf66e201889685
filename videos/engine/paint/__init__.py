"""The painting room: light, sets, puppets and weather, drawn with NumPy and OpenCV."""
