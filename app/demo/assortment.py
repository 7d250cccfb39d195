"""What the company sells: 25 categories, each a few things in some variants and sizes."""

from typing import NamedTuple


class Category(NamedTuple):
    """A shelf of the catalogue; costs are in the company's currency, weights in kilograms."""

    name: str
    prefix: str
    things: tuple[str, ...]
    variants: tuple[str, ...]
    sizes: tuple[str, ...]
    costs: tuple[float, float]
    weights: tuple[float, float]
    about: str


ROASTS = ("light roast", "medium roast", "dark roast")
GLAZES = ("white", "black", "sand", "sage green", "ocean blue", "terracotta")
METALS = ("brushed steel", "matt black", "copper")
WOODS = ("oak", "beech", "walnut", "bamboo")

DRINKS = (
    Category("Coffee beans", "CB",
             ("Ethiopia Guji", "Colombia Huila", "Brazil Cerrado", "Guatemala Antigua",
              "Kenya Nyeri", "Sumatra Mandheling", "House espresso", "Breakfast blend"),
             ROASTS, ("250 g", "500 g", "1 kg", "5 kg"), (3.2, 42), (0.25, 5),
             "Whole beans, roasted every week."),
    Category("Ground coffee", "CG",
             ("House filter", "House espresso", "Italian moka", "Decaf Huila", "Nordic filter",
              "Viennese blend", "Cold brew blend"),
             ROASTS, ("200 g", "250 g", "500 g", "1 kg"), (2.4, 15), (0.2, 1),
             "Ground and packed under nitrogen."),
    Category("Coffee capsules", "CC",
             ("Ristretto", "Lungo", "Espresso forte", "Decaffeinato", "Arabica", "Caramel",
              "Hazelnut", "Vanilla"),
             ("compostable", "aluminium"),
             ("10 pieces", "20 pieces", "50 pieces", "100 pieces", "200 pieces"), (1.6, 38),
             (0.06, 1.2), "Fits the common machines."),
    Category("Black tea", "TB",
             ("Darjeeling first flush", "Assam", "Earl Grey", "English breakfast", "Ceylon",
              "Lapsang souchong", "Masala chai", "Russian caravan"),
             ("loose", "pyramid bags", "tea bags"), ("50 g", "100 g", "250 g", "1 kg"),
             (1.9, 28), (0.05, 1), "Packed in a tin with a second lid."),
    Category("Green tea and herbs", "TG",
             ("Sencha", "Gunpowder", "Jasmine pearls", "Matcha", "Genmaicha", "Rooibos",
              "Peppermint", "Camomile", "Verbena"),
             ("loose", "pyramid bags", "tea bags"), ("50 g", "100 g", "250 g", "1 kg"),
             (1.8, 34), (0.05, 1), "Organic, from small gardens."),
    Category("Chocolate and cocoa", "CH",
             ("Drinking chocolate", "Cocoa powder", "Chocolate flakes", "White chocolate",
              "Chilli chocolate", "Sugar-free cocoa", "Dark couverture"),
             ("classic", "organic", "fair trade"), ("250 g", "500 g", "1 kg", "2.5 kg"),
             (2.2, 26), (0.25, 2.5), "Melts in hot milk without lumps."),
    Category("Syrups", "SY",
             ("Vanilla", "Caramel", "Hazelnut", "Gingerbread", "Coconut", "Elderflower",
              "Raspberry", "Almond", "Maple", "Lavender"),
             ("classic", "sugar-free"), ("250 ml", "500 ml", "700 ml", "1 l", "2 l"),
             (2.1, 13), (0.4, 2.6), "For coffee, soda and desserts."),
    Category("Milk and alternatives", "MI",
             ("Oat drink", "Soya drink", "Almond drink", "Coconut drink", "Pea drink",
              "Whole milk", "Lactose-free milk", "Condensed milk"),
             ("barista", "organic", "unsweetened"), ("250 ml", "500 ml", "1 l", "6 x 1 l"),
             (0.6, 9), (0.27, 6.3), "Foams well. Keep cool after opening."),
    Category("Sugar and sweeteners", "SU",
             ("Cane sugar", "White sugar", "Rock sugar", "Honey", "Agave syrup", "Stevia",
              "Brown sugar cubes"),
             ("sticks", "bag", "jar"), ("250 g", "500 g", "1 kg", "3 kg", "10 kg"), (0.9, 22),
             (0.25, 10), "For the table and the bar."),
    Category("Biscuits", "BI",
             ("Shortbread", "Amarettini", "Cantuccini", "Speculoos", "Oat cookies",
              "Madeleines", "Brownie bites"),
             ("butter", "chocolate", "gluten-free"), ("125 g", "200 g", "1 kg", "150 pieces"),
             (1.1, 24), (0.13, 1.5), "To go beside a cup."),
)  # fmt: skip

BREWING = (
    Category("Filters", "FI",
             ("Paper filter", "Cone filter", "Basket filter", "Cold brew filter",
              "Stainless filter", "Cloth filter", "Tea filter"),
             ("white", "unbleached"), ("01", "02", "04", "100 pieces", "500 pieces",
                                       "1000 pieces"), (1.2, 19), (0.05, 0.9),
             "Even flow, no taste of paper."),
    Category("Drippers and servers", "DR",
             ("Cone dripper", "Flat dripper", "Glass server", "Range server", "Syphon",
              "Cold drip tower", "Pour-over set"),
             ("clear", "white", "black"), ("1 cup", "2 cups", "4 cups", "6 cups"), (6, 95),
             (0.2, 2.4), "For pouring by hand."),
    Category("French presses", "FP",
             ("Classic press", "Double wall press", "Travel press", "Stoneware press",
              "Enamel press", "Cold brew press", "Glass press"), METALS,
             ("0.35 l", "0.5 l", "0.8 l", "1 l"), (9, 48), (0.4, 1.6),
             "With a filter that can be replaced."),
    Category("Moka pots", "MO",
             ("Classic moka", "Induction moka", "Crema moka", "Electric moka", "Steel moka",
              "Enamelled moka", "Travel moka"), METALS,
             ("1 cup", "3 cups", "6 cups", "9 cups"), (11, 62), (0.4, 1.4),
             "Spare gaskets are in stock."),
    Category("Grinders", "GR",
             ("Hand grinder", "Burr grinder", "Espresso grinder", "Spice grinder",
              "Travel grinder", "Doser grinder", "Retro grinder"), METALS,
             ("20 g", "30 g", "250 g", "500 g"), (18, 420), (0.5, 9),
             "Steel burrs, click by click."),
    Category("Kettles", "KE",
             ("Gooseneck kettle", "Whistling kettle", "Electric kettle", "Thermo kettle",
              "Camping kettle", "Glass kettle", "Enamel kettle"), METALS,
             ("0.6 l", "0.9 l", "1.2 l", "1.7 l"), (14, 98), (0.6, 1.9),
             "A handle that stays cool."),
    Category("Barista tools", "BA",
             ("Milk jug", "Tamper", "Knock box", "Distributor", "Dosing cup", "Shot timer",
              "Group brush", "Bottomless portafilter"), METALS,
             ("51 mm", "54 mm", "58 mm", "350 ml"), (5, 76), (0.1, 1.3),
             "What stands around the machine."),
)  # fmt: skip

TABLE = (
    Category("Cups and mugs", "CU",
             ("Espresso cup", "Cappuccino cup", "Latte mug", "Stacking mug", "Milk coffee bowl",
              "Travel mug", "Tea cup"), GLAZES,
             ("80 ml", "180 ml", "300 ml", "400 ml"), (1.9, 16), (0.15, 0.5),
             "Thick walls keep warm. For the dishwasher."),
    Category("Glasses", "GL",
             ("Water glass", "Latte glass", "Double wall glass", "Tumbler", "Tea glass",
              "Carafe", "Cold brew bottle"), ("clear", "smoke", "amber"),
             ("200 ml", "350 ml", "500 ml", "set of 6"), (1.2, 28), (0.2, 2.1),
             "Tempered glass."),
    Category("Teapots", "TP",
             ("Stoneware teapot", "Glass teapot", "Cast iron teapot", "Porcelain teapot",
              "Stacking teapot", "Teapot with infuser", "Enamel teapot"), GLAZES,
             ("0.4 l", "0.8 l", "1.2 l"), (9, 64), (0.4, 2.2), "Pours without a drop beside."),
    Category("Plates and bowls", "PL",
             ("Dinner plate", "Side plate", "Soup bowl", "Pasta plate", "Dessert bowl",
              "Saucer", "Serving platter"), GLAZES,
             ("14 cm", "21 cm", "27 cm", "32 cm"), (1.8, 26), (0.2, 1.4),
             "Stoneware for every day."),
)  # fmt: skip

KITCHEN = (
    Category("Pans and pots", "PA",
             ("Frying pan", "Saucepan", "Casserole", "Sauté pan", "Stockpot", "Milk pan",
              "Grill pan"), ("steel", "cast iron", "non-stick"),
             ("16 cm", "20 cm", "24 cm", "28 cm"), (12, 110), (0.7, 5.2),
             "For all hobs, also induction."),
    Category("Knives and boards", "KN",
             ("Chef's knife", "Bread knife", "Paring knife", "Santoku", "Chopping board",
              "Serving board", "Knife block"), WOODS,
             ("small", "medium", "large"), (6, 120), (0.1, 3),
             "Comes with a card on how to care for it."),
    Category("Storage", "ST",
             ("Storage jar", "Bread box", "Coffee canister", "Vacuum container", "Spice jar",
              "Lunch box", "Oil bottle"), ("glass", "steel", "bamboo lid"),
             ("0.3 l", "0.75 l", "1.2 l", "2 l"), (2.2, 38), (0.1, 1.9), "Closes tightly."),
    Category("Cleaning", "CL",
             ("Descaler", "Machine tablets", "Group cleaner", "Milk system cleaner",
              "Grinder cleaner", "Dish soap", "Surface spray"), ("standard", "eco"),
             ("100 g", "500 g", "1 kg", "1 l", "5 l", "20 tablets"), (2.6, 31), (0.1, 5.3),
             "Safe for food equipment when used as told."),
)  # fmt: skip

CATEGORIES = (*DRINKS, *BREWING, *TABLE, *KITCHEN)
