"""The words that believable names of a kitchen-ware trade are made of."""

ADJECTIVES = (
    "Classic", "Pro", "Compact", "Heavy-Duty", "Mini", "Deluxe", "Everyday", "Folding",
    "Non-Stick", "Stackable", "Baker's", "Chef's", "Rustic", "Nordic", "Vintage", "Slim",
    "Extra-Wide", "Insulated", "Hand-Made", "Gourmet",
)  # fmt: skip
MATERIALS = (
    "Steel", "Copper", "Cast-Iron", "Bamboo", "Silicone", "Glass", "Porcelain", "Oak",
    "Aluminium", "Enamel", "Stoneware", "Melamine", "Beech", "Brass", "Black & White",
)  # fmt: skip
THINGS = (
    "Saucepan", "Frying Pan", "Whisk", "Ladle", "Spatula", "Colander", "Grater", "Peeler",
    "Rolling Pin", "Cake Tin", "Muffin Tray", "Mixing Bowl", "Salt & Pepper Mill", "Teapot",
    "Gugelhupf Mould", "Spätzle Press", "Crêpe Pan", "Cutting Board", "Bread Knife",
    "Mandoline",
    "Measuring Jug", "Kitchen Scale", "Oven Glove", "Trivet", "Tongs", "Skewer Set", "Pie Dish",
    "Ramekin", "Fondue Set", "Wok", "Stock Pot", "Steamer", "Sieve", "Funnel", "Egg Timer",
    "Corkscrew", "Nutcracker", "Jam Jar", "Lunch Box", "Carafe", "Ice-Cream Scoop",
)  # fmt: skip
SIZES = ("S", "M", "L", "XL", "12 cm", "16 cm", "20 cm", "24 cm", "28 cm", "1 qt", "2 qt")
LONG = " with reinforced handle, dishwasher safe, gift-boxed"
SURNAMES = (
    "Müller", "O'Brien", "Garcia", "Lindström", "Baker", "D'Angelo", "Nguyen", "Schäfer",
    "Kowalski", "Jensen", "Okafor", "Moreau", "Tanaka", "Fischer", "Novák", "Hughes", "Silva",
    "Köhler", "Rossi", "Patel", "Larsen", "McAllister", "Weiß", "Duarte", "Abbott",
)  # fmt: skip
FIRST_NAMES = ("Ana", "Björn", "Chloe", "Dmitri", "Elif", "Frank", "Greta", "Hiro", "Zoë")
SHOPS = (
    "Kitchen Corner", "Cook & Home", "Tableware", "Pantry", "Culinary Supply",
    "Bistro Outfitters",
    "House of Pans", "Gift Gallery", "General Store", "Cooking School", "Café", "Hotel Supply",
)  # fmt: skip
MAKERS = (
    "Manufacturing", "& Sons Metalworks", "Ceramics", "Imports", "Cutlery Works", "Packaging",
    "Glass Factory", "Freight", "Woodcraft", "Trading Co.", "Industries", "Enamel Works",
)  # fmt: skip
TOWNS = (
    ("Bayshore", "CA", "94326"), ("Portland", "OR", "97201"), ("Austin", "TX", "73301"),
    ("Madison", "WI", "53703"), ("Burlington", "VT", "05401"), ("Savannah", "GA", "31401"),
    ("Boise", "ID", "83702"), ("Santa Fe", "NM", "87501"), ("Duluth", "MN", "55802"),
)  # fmt: skip
STREETS = ("Finch St.", "Ocean Dr.", "Mill Lane", "Harbor Way", "King's Road", "Elm & 3rd")


def spread(number: int, total: int) -> int:
    """Shuffle 0..total-1 without repeating: 7919 is a prime no total here is divisible by."""
    return number * 7919 % total


def item_name(number: int) -> str:
    """Name the item of that number; no two numbers share a name."""
    total = len(ADJECTIVES) * len(MATERIALS) * len(THINGS) * len(SIZES)
    again, rest = number // total, spread(number % total, total)
    rest, size = divmod(rest, len(SIZES))
    rest, adjective = divmod(rest, len(ADJECTIVES))
    thing, material = divmod(rest, len(MATERIALS))
    name = f"{ADJECTIVES[adjective]} {MATERIALS[material]} {THINGS[thing]} {SIZES[size]}"
    return name + (LONG if number % 50 == 49 else "") + (f" No. {again + 1}" if again else "")


def firm_name(number: int, trades: tuple[str, ...]) -> str:
    """Name the firm of that number in one of these trades; no two numbers share a name."""
    total = len(SURNAMES) * len(trades) * len(TOWNS)
    again, rest = number // total, spread(number % total, total)
    rest, town = divmod(rest, len(TOWNS))
    trade, surname = divmod(rest, len(SURNAMES))
    owner = SURNAMES[surname] + ("" if trades[trade].startswith("&") else "'s")
    name = f"{owner} {trades[trade]} {TOWNS[town][0]}"
    return name + (f" {again + 1}" if again else "")
