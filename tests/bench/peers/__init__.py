"""Other systems with the same article and the same comments, each as its own documentation sets it up."""
