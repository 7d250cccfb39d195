"""Pick & pack: from a promise in a bin to a parcel with the carrier."""
