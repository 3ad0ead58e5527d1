"""What the payments DAGs share. Importing it touches neither the network nor the metadata database."""
