"""The rules of records: values in, values out."""
