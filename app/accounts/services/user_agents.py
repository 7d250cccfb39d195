"""What a browser or program says it is, in few words."""

UNKNOWN = "Unknown device"
LOOKED_AT = 300  # characters: hundreds of patterns read a stranger's text


def device_name(user_agent: str) -> str:
    """Name a device by the header `User-Agent`: "Firefox on Windows".

    Anybody can send any header, so this helps people to know their devices again and decides
    nothing.
    """
    from ua_parser import parse  # noqa: PLC0415  (its patterns take a moment to read)

    found = parse(user_agent[:LOOKED_AT])
    names = [part.family for part in (found.user_agent, found.os) if part]
    return " on ".join(names) or user_agent.partition("/")[0][:40] or UNKNOWN
