"""Other languages and emoji, mapped onto the English words of the lexicon."""

from __future__ import annotations

from videos.engine.lexicon import index

# "Chat" is a cat only in a French sentence: plain letters are foreign when one of these stands by.
ARTICLES = frozenset(
    {
        "un",
        "une",
        "uno",
        "una",
        "el",
        "le",
        "les",
        "der",
        "das",
        "ein",
        "eine",
        "einen",
        "il",
        "lo",
        "dans",
        "sur",
        "bei",
    }
    | {
        "im",
        "con",
        "avec",
        "auf",
        "uma",
        "los",
        "las",
        "nel",
        "sulla",
        "por",
        "vom",
        "dem",
        "del",
        "della",
        "und",
        "sous",
    }
)
FOREIGN = index(
    {
        "cat": "gato gata chat katze gatto кошка кот 猫 ネコ ねこ 고양이 قطة 🐱 🐈 😺 🐈\u200d⬛",
        "dog": "perro chien hund cane cachorro собака 犬 狗 강아지 كلب 🐶 🐕 🐩",
        "fox": "zorro renard fuchs volpe лиса 狐 狐狸 여우 🦊", "horse": "caballo cheval pferd cavallo "
        "лошадь 馬 马 말 🐴 🐎",
        "bird": "pájaro oiseau vogel uccello птица 鳥 鸟 새 🐦 🕊 🦜", "fish": "pez poisson fisch pesce рыба "
        "魚 鱼 물고기 🐟 🐠 🐡",
        "whale": "ballena baleine wal кит 鯨 鲸 고래 🐋 🐳", "dolphin": "delfín dauphin delfin дельфин 🐬",
        "robot": "робот ロボット 机器人 로봇 🤖", "child": "niño niña enfant kind bambino ребёнок 子供 孩子 "
        "아이 👧 👦 🧒",
        "person": "hombre homme mann uomo человек 人 사람 🧍 🚶 👨 🏃", "woman": "mujer femme frau donna "
        "женщина 女 여자 👩 💃",
        "astronaut": "astronauta astronaute космонавт 宇航员 宇宙飛行士 우주비행사 👨\u200d🚀 🧑\u200d🚀 "
        "👩\u200d🚀",
        "piano": "klavier pianoforte пианино 钢琴 鋼琴 ピアノ 피아노 🎹", "guitar": "guitarra guitare "
        "gitarre гитара 吉他 ギター 🎸",
        "kite": "cometa cerf-volant drachen 凧 风筝 🪁", "car": "coche voiture auto macchina машина 車 车 "
        "자동차 🚗 🚕 🏎",
        "boat": "barco bateau boot barca лодка 船 배 🚤 🛶", "sailboat": "velero voilier segelboot парусник ⛵",
        "train": "tren zug treno поезд 電車 火车 기차 🚂 🚆", "rocket": "cohete fusée rakete ракета 火箭 "
        "🚀", "dragon": "龍 龙 🐉 🐲",
        "rabbit": "conejo lapin kaninchen кролик 兎 兔子 토끼 🐰 🐇", "bear": "oso ours bär медведь 熊 곰 "
        "🐻", "panda": "熊猫 🐼",
        "lion": "león löwe лев 獅子 狮子 사자 🦁", "tiger": "tigre тигр 虎 호랑이 🐯 🐅", "elephant":
        "elefante слон 象 코끼리 🐘",
        "owl": "búho hibou eule сова 🦉", "butterfly": "mariposa papillon schmetterling бабочка 蝶 蝴蝶 "
        "나비 🦋", "penguin": "🐧",
        "night": "noche nuit nacht notte ночь ночью 夜 夜晚 밤 ليل 🌙 🌃 🌌", "sunset": "atardecer puesta "
        "coucher sonnenuntergang tramonto "
        "закат 夕日 夕阳 日落 노을 🌇 🌅", "sunrise": "amanecer aube sonnenaufgang alba рассвет 日の出 日出 🌄",
        "rain": "lluvia pluie regen pioggia дождь 雨 비 مطر 🌧 ☔ 🌧️", "snowing": "nieve neige schnee neve "
        "снег 雪 눈 ثلج ❄ 🌨 ❄️",
        "sea": "mar mer meer mare море 海 바다 بحر 🌊", "beach": "playa plage strand spiaggia пляж 海滩 "
        "砂浜 🏖 🏝",
        "mountain": "montaña montagne berg berge montagna горы гора 山 산 جبل ⛰ 🏔 🗻", "forest": "bosque "
        "forêt wald foresta лес 森 森林 숲 🌲 🌳",
        "street": "calle rue straße strada улица 街 通り 거리 شارع", "city": "ciudad ville stadt città "
        "город 城市 都市 도시 مدينة 🏙 🌆",
        "desert": "desierto désert wüste deserto пустыня 沙漠 砂漠 사막 🏜 🌵", "stage": "escenario scène "
        "bühne palco сцена 舞台 무대 🎭",
        "space": "espacio espace weltraum spazio космос 宇宙 太空 우주 🪐", "field": "campo champ feld "
        "prato поле 草原 들판 🌾",
        "sky": "cielo ciel himmel небо 空 天空 하늘 ☁ ☁️", "neon": "неон 霓虹 ネオン 네온", "flower": "flor "
        "fleur blume fiore цветок 花 꽃 🌸 🌷 🌹 🌻",
        "red": "rojo roja rouge rot rosso красный 赤い 红色", "blue": "azul bleu blau синий 青い 蓝色",
        "black": "negro negra noir_ schwarz nero чёрный 黒い 黑色",
        "walking": "camina caminando marche läuft cammina идёт гуляет 歩く 走路", "running": "corre "
        "corriendo court rennt бежит 走る 跑",
        "playing": "toca tocando joue jouant spielt suona играет 弾く 弾いている 弹 연주", "flying": "vuela "
        "volando vole fliegt летит 飛ぶ 飞",
        "fireworks": "花火 烟花 🎆 🎇", "leaves": "🍂 🍁", "petals": "桜 樱花 벚꽃", "balloon": "globo "
        "ballon 🎈", "umbrella": "paraguas parapluie regenschirm 傘 雨伞 ☂ 🌂",
        "house": "casa maison haus дом 家 집 🏠 🏡", "coffee": "café kaffee кофе コーヒー 咖啡 커피 ☕",
        "lighthouse": "faro phare leuchtturm 灯台 灯塔",
    }
)  # fmt: skip
