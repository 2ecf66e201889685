"""Words to scene facts: what the engine understands of a prompt. Data, plus one function that indexes it."""

from __future__ import annotations


def index(groups: dict[str, str]) -> dict[str, str]:
    """Turn {"fact": "word other_word"} into {"word": "fact", "other word": "fact"}."""
    return {word.replace("_", " "): fact for fact, words in groups.items() for word in words.split()}


SETTINGS = index(
    {
        "stage": "stage theater theatre auditorium opera concert_hall concert ballet_hall spotlight "
        "nightclub cabaret "
        "circus recital curtain podium talent_show",
        "street": "street streets alley alleyway sidewalk crosswalk neon_street downtown chinatown "
        "market_street "
        "crossing boulevard avenue lane shibuya intersection neon_sign neon_signs cyberpunk_city "
        "marketplace bazaar",
        "city": "city skyline cityscape skyscraper skyscrapers rooftop rooftops metropolis manhattan "
        "new_york towers "
        "urban town buildings london paris dubai hong_kong megacity village_skyline",
        "mountain": "mountain mountains mountain_range alps peak peaks summit himalaya himalayas cliff "
        "cliffs ridge "
        "glacier valley canyon fjord everest andes volcano highlands",
        "forest": "forest woods woodland jungle rainforest grove pines redwood redwoods bamboo_forest "
        "undergrowth "
        "trees clearing thicket taiga swamp",
        "field": "field fields meadow grassland prairie farm farmland hill hills hillside countryside "
        "pasture savanna "
        "savannah park garden backyard lawn wheat lavender vineyard playground campsite orchard village plain "
        "steppe tundra rice_field sunflower_field flower_field sunflowers tulips",
        "lake": "lake pond river riverbank stream lagoon reservoir creek waterfall",
        "sea": "sea ocean waves open_water harbor harbour bay high_seas pacific atlantic horizon_sea coast "
        "coastline "
        "sailing",
        "beach": "beach shore seashore seaside tropical_island island sand_beach surf surfing palm_trees",
        "underwater": "underwater under_water coral reef coral_reef seabed ocean_floor deep_sea aquarium "
        "submarine "
        "undersea beneath_the_waves under_the_sea scuba",
        "space": "space outer_space galaxy nebula orbit cosmos universe stars_and_planets asteroid asteroids "
        "milky_way space_station black_hole interstellar planet planets zero_gravity",
        "mars": "mars martian red_planet alien_planet moon_surface lunar",
        "desert": "desert dunes dune sahara sand_dunes oasis sandstorm mesa badlands arizona",
        "room": "room bedroom kitchen living_room office cafe coffee_shop restaurant library studio classroom "
        "apartment indoors interior house_interior bar shop store workshop hallway desk window fireplace "
        "museum "
        "gallery laboratory lab hospital bakery tabletop table attic cabin",
        "sky": "sky clouds above_the_clouds cloudscape heavens airborne mid-air cloud",
        "abstract": "abstract liquid fluid swirling swirls gradient pattern patterns geometric fractal "
        "kaleidoscope "
        "ink psychedelic texture silk waves_of_color shapes particles",
    }
)

# A setting named outright beats one that is only dressing of the other.
SETTING_WEIGHT = {"sky": 0.4, "city": 0.8, "room": 0.9, "abstract": 0.45, "field": 0.9, "forest": 0.95, "lake": 1.05}

TIMES = index(
    {
        "sunrise": "sunrise dawn daybreak first_light early_morning",
        "morning": "morning",
        "day": "day daytime noon midday afternoon daylight sunny bright_day blue_sky broad_daylight",
        "sunset": "sunset golden_hour sundown golden_light setting_sun evening_sun",
        "dusk": "dusk twilight evening blue_hour nightfall gloaming",
        "night": "night nighttime midnight moonlit moonlight starry starry_night night_sky neon neon-lit "
        "late_night "
        "after_dark nocturnal starlight northern_lights aurora dark",
    }
)

WEATHERS = index(
    {
        "rain": "rain rainy raining rainfall drizzle downpour monsoon wet showers",
        "storm": "storm stormy thunder thunderstorm lightning hurricane tempest",
        "snow": "snowing snowfall snowflakes blizzard snowstorm falling_snow flurries",
        "mist": "mist misty fog foggy haze hazy smoky smoke steam",
        "leaves": "autumn autumnal falling_leaves fall_leaves leaves",
        "petals": "petals cherry_blossom cherry_blossoms blossoms sakura confetti",
        "embers": "embers sparks fire flames burning lava bonfire campfire",
        "fireflies": "fireflies firefly glowing_particles fairy_lights magical_dust magic sparkles glitter",
        "fireworks": "fireworks firework",
        "dust": "dust dusty dust_storm dust_storms sand_storm sandstorm dust_motes",
        "wind": "wind windy breeze breezy gust gusts windswept",
        "clear": "clear sunny cloudless dry clear_sky",
    }
)
# Words that put the weather on the ground but not in the air.
GROUND = index({"snow": "snowy snow snow-covered snowcapped snow-capped frozen icy winter wintry ice", "wet": "wet"})
AURORA = frozenset({"aurora", "northern lights", "borealis"})

MOODS = index(
    {
        "joyful": "joyful happy cheerful playful fun funny cute adorable bright whimsical festive "
        "celebration party "
        "laughing smiling upbeat delightful",
        "epic": "epic dramatic heroic majestic grand cinematic sweeping powerful vast breathtaking",
        "tense": "tense scary horror ominous dark eerie spooky creepy thriller suspense dangerous sinister chase",
        "sad": "sad lonely melancholy melancholic somber grief abandoned rainy wistful nostalgic",
        "dreamy": "dreamy dreamlike surreal ethereal magical mystical soft enchanted fairytale whimsical misty",
        "calm": "calm peaceful serene tranquil quiet relaxing gentle slow cozy cosy still",
        "energetic": "energetic fast dynamic racing action exciting intense rock dance",
    }
)

CAMERAS = index(
    {
        "dolly_in": "dolly dolly_forward dolly_in push_in pushes_in push-in dolly-in moving_forward slow_dolly "
        "moves_forward tracking_forward walkthrough fpv first-person pov",
        "dolly_out": "dolly_out pull_back pulls_back pull_out dolly_back pull-back pulling_back",
        "pan_right": "pan pan_right pans_right panning panning_right pans",
        "pan_left": "pan_left pans_left panning_left",
        "tilt_up": "tilt tilt_up tilts_up tilting_up look_up",
        "tilt_down": "tilt_down tilts_down tilting_down",
        "track": "tracking tracking_shot track tracks following follows follow side-scrolling dolly_sideways "
        "truck lateral steadicam",
        "orbit": "orbit orbiting orbits arc_shot circling circles rotating_around revolves 360",
        "drone": "drone aerial flyover drone_shot bird's-eye fly-through flythrough helicopter_shot "
        "aerial_shot "
        "birds-eye",
        "crane_up": "crane crane_up crane_shot jib rising_shot rises_up boom_up",
        "crane_down": "crane_down boom_down descends",
        "from_above": "from_above overhead top-down top_down high_angle high-angle looking_down",
        "from_below": "from_below low_angle low-angle worm's-eye",
        "handheld": "handheld hand-held shaky documentary vlog",
        "zoom_in": "zoom zoom_in zooms zooms_in zooming zooming_in crash_zoom",
        "zoom_out": "zoom_out zooms_out zooming_out",
        "static": "static locked-off locked_off tripod still_camera fixed_camera static_shot no_camera_movement",
    }
)
FRAMINGS = index(
    {
        "wide": "wide wide_shot establishing establishing_shot wide-angle long_shot extreme_wide panorama full_shot",
        "medium": "medium_shot medium mid-shot mid_shot waist-up cowboy_shot",
        "close": "close-up closeup close_up close_shot macro extreme_close-up portrait_shot tight_shot",
    }
)

COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (206, 52, 48), "crimson": (176, 28, 48), "scarlet": (214, 48, 36), "maroon": (118, 30, 38),
    "orange": (238, 132, 48), "amber": (244, 176, 60), "yellow": (246, 208, 72), "golden": (226, 178, 84),
    "gold": (226, 178, 84), "blonde": (236, 204, 130), "green": (70, 156, 84), "emerald": (38, 150, 104),
    "lime": (158, 210, 66), "olive": (122, 130, 62), "teal": (40, 140, 146), "turquoise": (70, 196, 196),
    "cyan": (80, 206, 226), "blue": (58, 108, 200), "navy": (36, 50, 104), "azure": (92, 160, 230),
    "indigo": (74, 64, 160), "purple": (132, 74, 176), "violet": (146, 92, 200), "lavender": (182, 160, 222),
    "magenta": (210, 60, 150), "pink": (240, 146, 176), "rose": (232, 120, 140), "peach": (250, 188, 152),
    "brown": (124, 82, 54), "chocolate": (88, 54, 36), "tan": (200, 164, 118), "beige": (224, 206, 176),
    "cream": (244, 232, 208), "white": (242, 240, 236), "ivory": (244, 238, 222), "silver": (188, 194, 204),
    "grey": (136, 140, 148), "gray": (136, 140, 148), "black": (40, 38, 44), "ginger": (222, 128, 62),
    "copper": (190, 110, 70), "bronze": (164, 112, 62),
}  # fmt: skip
PATTERNS = index(
    {
        "calico": "calico tortoiseshell",
        "tabby": "tabby striped stripes",
        "tuxedo": "tuxedo",
        "spotted": "spotted dalmatian leopard-print dotted",
        "siamese": "siamese",
    }
)

# kind/species: words. The kind says which puppet is drawn.
SUBJECTS = index(
    {
        "quadruped/cat": "cat cats kitten kittens kitty feline tomcat",
        "quadruped/dog": "dog dogs puppy puppies hound corgi labrador beagle terrier poodle dachshund canine bulldog",
        "quadruped/retriever": "golden_retriever retriever retrievers",
        "quadruped/husky": "husky huskies malamute",
        "quadruped/fox": "fox foxes vixen",
        "quadruped/wolf": "wolf wolves coyote jackal",
        "quadruped/horse": "horse horses pony stallion mare foal mustang donkey mule",
        "quadruped/unicorn": "unicorn unicorns",
        "quadruped/zebra": "zebra zebras",
        "quadruped/cow": "cow cows bull ox cattle buffalo bison",
        "quadruped/sheep": "sheep lamb lambs ram goat goats alpaca llama",
        "quadruped/pig": "pig pigs piglet boar hog",
        "quadruped/lion": "lion lions lioness",
        "quadruped/tiger": "tiger tigers",
        "quadruped/leopard": "leopard leopards cheetah cheetahs jaguar panther lynx",
        "quadruped/bear": "bear bears grizzly cub",
        "quadruped/polarbear": "polar_bear polar_bears",
        "quadruped/panda": "panda pandas",
        "quadruped/deer": "deer stag doe fawn reindeer elk moose antelope gazelle",
        "quadruped/rabbit": "rabbit rabbits bunny bunnies hare",
        "quadruped/elephant": "elephant elephants mammoth",
        "quadruped/giraffe": "giraffe giraffes",
        "quadruped/camel": "camel camels",
        "quadruped/mouse": "mouse mice rat hamster hedgehog guinea_pig",
        "quadruped/squirrel": "squirrel squirrels chipmunk raccoon otter red_panda",
        "quadruped/dragon": "dragon dragons dinosaur dinosaurs t-rex",
        "quadruped/turtle": "tortoise turtle turtles",
        "biped/person": "person people man men guy someone traveler traveller hiker farmer worker fisherman "
        "sailor "
        "pedestrian detective businessman photographer artist painter king grandfather old_man figure cyclist "
        "skateboarder surfer runner athlete player boxer soldier monk tourist husband father barista",
        "biped/woman": "woman women lady girl_with queen princess mother bride grandmother old_woman wife "
        "witch nurse "
        "singer dancer ballerina actress model",
        "biped/child": "child children kid kids boy boys girl girls toddler baby schoolboy schoolgirl daughter son",
        "biped/robot": "robot robots android cyborg droid mech automaton",
        "biped/astronaut": "astronaut astronauts cosmonaut spaceman",
        "biped/musician": "musician pianist guitarist violinist drummer band busker",
        "biped/chef": "chef cook baker",
        "biped/knight": "knight samurai warrior ninja viking",
        "biped/wizard": "wizard sorcerer mage",
        "biped/monkey": "monkey monkeys ape gorilla chimpanzee orangutan",
        "biped/alien": "alien aliens martian_creature",
        "biped/ghost": "ghost ghosts spirit",
        "biped/snowman": "snowman snowmen",
        "biped/teddy": "teddy_bear teddy plush",
        "biped/penguin": "penguin penguins",
        "bird/bird": "bird birds sparrow robin bluebird swallow finch canary pigeon dove hummingbird parrot",
        "bird/eagle": "eagle eagles hawk falcon vulture condor",
        "bird/crow": "crow crows raven ravens",
        "bird/owl": "owl owls",
        "bird/gull": "seagull seagulls gull gulls albatross pelican",
        "bird/swan": "swan swans goose geese duck ducks duckling ducklings flamingo flamingos heron crane_bird",
        "bird/butterfly": "butterfly butterflies moth dragonfly bee bees insect",
        "bird/bat": "bat bats",
        "fish/fish": "fish fishes goldfish koi salmon trout school_of_fish clownfish tuna",
        "fish/whale": "whale whales humpback orca",
        "fish/dolphin": "dolphin dolphins porpoise",
        "fish/shark": "shark sharks",
        "fish/jellyfish": "jellyfish octopus squid",
        "fish/seaturtle": "sea_turtle sea_turtles",
        "vehicle/car": "car cars sedan taxi cab sports_car lamborghini ferrari porsche convertible race_car "
        "vehicle suv",
        "vehicle/bus": "bus buses van minivan camper school_bus rv",
        "vehicle/truck": "truck trucks lorry pickup tractor jeep rover",
        "vehicle/train": "train trains locomotive tram subway bullet_train steam_train",
        "vehicle/bicycle": "bicycle bike bicycles bikes tricycle",
        "vehicle/motorcycle": "motorcycle motorbike scooter vespa moped",
        "vehicle/skateboard": "skateboard skateboards surfboard sled sleigh",
        "boat/sailboat": "sailboat sailboats yacht schooner sailing_boat sailing_ship pirate_ship galleon regatta",
        "boat/boat": "boat boats rowboat canoe kayak gondola fishing_boat dinghy raft paper_boat",
        "boat/ship": "ship ships cruise_ship ferry tanker freighter steamship",
        "air/balloon": "hot_air_balloon hot_air_balloons hot-air_balloon hot-air_balloons airship zeppelin",
        "air/plane": "plane airplane airplanes aeroplane jet biplane aircraft paper_plane glider",
        "air/rocket": "rocket rockets spaceship spacecraft starship shuttle",
        "air/ufo": "ufo ufos flying_saucer",
        "air/helicopter": "helicopter helicopters",
    }
)
PROPS = index(
    {
        "piano": "piano grand_piano keyboard pianos organ",
        "guitar": "guitar ukulele banjo electric_guitar lute bass_guitar",
        "violin": "violin fiddle cello",
        "drums": "drum drums drum_kit",
        "kite": "kite kites",
        "umbrella": "umbrella umbrellas parasol",
        "balloon": "balloon balloons",
        "lantern": "lantern lanterns torch candle candles",
        "lamp": "lamp streetlamp lamppost street_lamp streetlight lamps",
        "ball": "ball soccer_ball football basketball beach_ball",
        "book": "book books newspaper letter",
        "cup": "coffee cup tea mug teacup latte espresso cocktail wine",
        "flower": "flower flowers rose tulip bouquet sunflower daisy",
        "tree": "tree oak willow maple pine palm cherry_tree bonsai christmas_tree",
        "house": "house cottage hut home barn farmhouse",
        "lighthouse": "lighthouse",
        "castle": "castle palace fortress temple pagoda",
        "windmill": "windmill windmills",
        "campfire": "campfire bonfire fire_pit fireplace",
        "tent": "tent tents",
        "bench": "bench",
        "telescope": "telescope camera_on_tripod",
        "flag": "flag flags",
        "sword": "sword lightsaber wand staff",
        "sunglasses": "sunglasses glasses",
        "hat": "hat cap top_hat beret crown",
        "scarf": "scarf cape",
        "moon": "moon full_moon",
        "sun": "sun",
        "rainbow": "rainbow",
        "cake": "cake birthday_cake pizza bread burger",
        "pumpkin": "pumpkin pumpkins apple",
        "bottle": "bottle perfume perfume_bottle",
        "sneaker": "sneaker sneakers shoe shoes",
        "clock": "clock watch wristwatch",
        "gift": "gift present box",
    }
)
# Worn or held by the subject rather than standing beside it.
HELD = frozenset(
    {
        "guitar",
        "violin",
        "kite",
        "umbrella",
        "balloon",
        "lantern",
        "book",
        "cup",
        "flower",
        "flag",
        "sword",
        "sunglasses",
        "hat",
        "scarf",
    }
)
SKY_PROPS = frozenset({"moon", "sun", "rainbow"})

MOTIONS = index(
    {
        "walk": "walk walks walking strolls strolling wandering wanders stroll marching hiking hikes roams "
        "exploring "
        "explores prowls trots trotting",
        "run": "run runs running sprints sprinting gallops galloping chasing chases races racing charges "
        "dashing "
        "jogging leaps leaping jumps jumping bounding speeds speeding",
        "sit": "sit sits sitting seated perched resting rests meditating relaxing waiting watches watching "
        "gazes "
        "gazing fishing reading reads eating drinks drinking looking studying writing",
        "sleep": "sleep sleeps sleeping napping asleep lying curled",
        "play": "play plays playing performs performing strumming strums plucks",
        "fly": "fly flies flying soars soaring gliding glides hovering hovers",
        "swim": "swim swims swimming diving dives",
        "float": "float floats floating drifting drifts levitates levitating spacewalk",
        "dance": "dance dances dancing twirls twirling spinning spins waltzing breakdancing",
        "ride": "ride rides riding skateboarding cycling surfing pedaling surfs",
        "drive": "drive drives driving cruising cruises sails sailing",
        "wave": "waves_hello waving waves_at greets cheering celebrating",
        "hold": "hold holds holding carrying carries raising",
        "stand": "stand stands standing posing poses",
        "sing": "sing sings singing speaking talking shouting roaring howling howls",
    }
)

COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 5, "seven": 5, "couple": 2, "pair": 2, "several": 3,
        "many": 5,
    "group": 4, "crowd": 5, "flock": 5, "herd": 5, "pack": 4, "school": 5, "pod": 3, "dozens": 5, "hundreds": 5,
    "few": 3, "some": 3, "fleet": 4, "trio": 3, "2": 2, "3": 3, "4": 4, "5": 5,
}  # fmt: skip
SIZES = index(
    {"big": "big large huge giant gigantic massive enormous colossal", "small": "small tiny little miniature"}
)
GRADES = index(
    {
        "noir": "noir black-and-white monochrome black_and_white grayscale greyscale b-w silent_film",
        "vintage": "vintage retro 70s 80s super8 super-8 sepia old_film film_grain nostalgic",
        "pastel": "pastel pastels ghibli anime wes_anderson",
        "vivid": "vivid vibrant saturated colorful colourful pop_art cartoon",
        "cool": "cool_tones cold bluish teal_and_orange cooler colder",
        "warm": "warm warm_tones cozy cosy warmer hotter",
        "watercolour": "watercolor watercolour aquarelle oil_painting painterly",
        "bright": "brighter lighter",
        "dark": "darker dimmer moodier",
    }
)
DETAILS = index(
    {
        "flowers": "flowers lavender sunflowers tulips poppies wildflowers flower_field sunflower_field flower",
        "palms": "palm palms palm_trees tropical",
        "pines": "pines pine taiga redwood redwoods",
        "bamboo": "bamboo bamboo_forest",
        "jungle": "jungle rainforest tropical swamp",
        "autumn": "autumn autumnal fall_leaves falling_leaves",
        "japan": "tokyo kyoto osaka japan japanese shibuya",
        "hills": "hills hillside highlands",
        "kitchen": "kitchen bakery restaurant cafe coffee_shop bar",
        "library": "library study classroom bookshop museum gallery",
        "fireplace": "fireplace hearth",
        "coral": "coral reef coral_reef",
        "aurora": "aurora northern_lights borealis",
        "volcano": "volcano lava",
        "waterfall": "waterfall",
        "cyberpunk": "cyberpunk neon futuristic sci-fi blade_runner",
        "wheat": "wheat wheat_field golden_field barley",
    }
)
DEFAULT_SETTING = {
    "fish/fish": "underwater", "fish/whale": "underwater", "fish/shark": "underwater", "fish/jellyfish":
        "underwater",
    "fish/seaturtle": "underwater", "fish/dolphin": "sea", "boat": "sea", "biped/astronaut": "space",
    "biped/alien": "mars", "biped/chef": "room", "biped/musician": "stage", "biped/robot": "city", "bird":
        "sky",
    "bird/butterfly": "field", "bird/owl": "forest", "bird/swan": "lake", "air": "sky", "air/rocket": "space",
    "air/ufo": "field", "quadruped/camel": "desert", "quadruped/fox": "forest", "quadruped/wolf": "forest",
    "quadruped/deer": "forest", "quadruped/bear": "forest", "quadruped/dragon": "mountain",
        "quadruped/mouse": "room",
    "quadruped/cat": "room", "vehicle": "street", "vehicle/train": "field", "biped/penguin": "snow",
    "quadruped/polarbear": "snow", "quadruped/husky": "snow", "biped/snowman": "snow", "biped/wizard": "forest",
    "biped/teddy": "room",
}  # fmt: skip
PROP_SETTING = {"piano": "stage", "drums": "stage", "cup": "room", "book": "room", "lighthouse": "sea", "kite": "field",
                "cake": "room", "bottle": "room", "sneaker": "room", "clock": "room", "gift": "room",
        "lamp": "street",
                "castle": "field", "windmill": "field", "tree": "field", "house": "field", "flower": "field",
                "campfire": "forest", "tent": "forest", "moon": "sky", "sun": "sky",
                "rainbow": "field"}  # fmt: skip
NEGATIONS = frozenset({"no", "without", "not", "never", "don't", "avoid", "except"})
