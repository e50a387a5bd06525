"""What the rules of the process are: values in, values out, without Django."""
