"""Labels: barcodes and texts for products, bins, totes and orders, on sheets and rolls."""
