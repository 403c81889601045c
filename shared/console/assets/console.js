// Everything works without this module; it adds what only a script can.
