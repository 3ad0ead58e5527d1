# Fixed width records of the bank's payout file. Used by legacy_payout_file.py only.

WIDTHS = [("merchant_id", 10), ("currency", 3), ("net_minor", 15)]


def to_line(row):
    return "".join(str(row.get(name, "")).rjust(width, "0")[:width] for name, width in WIDTHS)
