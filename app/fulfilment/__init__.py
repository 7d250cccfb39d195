"""Pick & pack: from a reservation in a bin to a parcel with the carrier."""
