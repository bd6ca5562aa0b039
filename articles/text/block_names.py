"""The words beside pictures, authors and dates, by language.

Data for the division into blocks. All in lower case.
"""

from articles.text.block_phrases import phrases

# The button of a picture, left between a caption and its repetition or before the caption.
PICTURE_BUTTONS = phrases(
    {
        "en": """
            open image in gallery | view image in fullscreen | open image in fullscreen
            image in fullscreen | view gallery | enlarge image | view larger image | expand image
            open in gallery | click to enlarge | hide caption | toggle caption | image source
            image caption
        """,
        "de": """
            detailansicht öffnen | bild in galerie öffnen | bild vergrößern | bild öffnen | vollbild
        """,
        "fr": "ouvrir l’image | agrandir l’image | agrandir la photo | voir en plein écran",
        "es": "abrir imagen en la galería | ampliar imagen | ampliar foto | abrir galería",
        "it": "apri immagine nella galleria | ingrandisci",
        "pt": "abrir imagem na galeria | ampliar imagem",
        "nordic": """
            visa bild i helskärm | visa i helskärm | visa mer | åpne bildet | vis bilde | helskärm
        """,
        "slavic": "otwórz zdjęcie | powiększ zdjęcie | otevřít galerii | открыть в галерее",
        "tr": "resmi büyüt | fotoğrafı büyüt",
        "ko": "이미지 확대보기 | 이미지 확대 | 사진 확대",
        "ja": "画像を拡大 | 写真を拡大",
    }
)

# What stands before the name of a photographer or an agency.
CREDIT_BEGINS = phrases(
    {
        "en": """
            copyright | pictured by | pic: | photo: | photos: | photo by | photos by | photograph:
            photograph by | picture: | pictures: | image: | images: | image credit: | image credits:
            image by | credit: | credits: | photo credit: | photo courtesy | courtesy of | courtesy:
            illustration by | illustration: | graphic: | photo illustration | image source:
            photography by | video: | image courtesy | file photo:
        """,
        "de": """
            foto: | fotos: | foto © | bild: | bilder: | bildrechte: | bildquelle: | quelle:
            grafik: | bildnachweis: | symbolfoto: | symbolbild: | archivfoto: | archivbild: | ©
            montage:
        """,
        "fr": """
            photo : | photos : | crédit : | crédits : | crédit photo | crédit: | © | illustration :
        """,
        "es": "foto: | fotografía: | imagen: | crédito: | fuente: | fotos:",
        "it": "foto: | credito: | credits: | fonte: | (foto",
        "pt": "foto: | imagem: | crédito: | fonte: | fotografia:",
        "nordic": """
            foto: | bilde: | bild: | kuva: | ljósmynd: | ljósmynd/ | mynd: | illustration:
            arkivfoto:
        """,
        "slavic": "fot. | foto: | zdjęcie: | zdroj: | фото: | фото | источник: | джерело: | autor:",
        "baltic": "nuotr. | foto:",
        "tr": "fotoğraf: | foto: | kaynak:",
        "id": "foto: | dok. | picha: | isithombe: | izithombe: | umfanekiso:",
        "asian": """
            写真: | 写真： | 写真＝ | 写真= | 写真・ | 写真／ | 撮影: | 撮影： | 撮影＝ | 撮影・
            撮影／ | 画像: | 画像： | 提供:
            提供： | 提供＝ | 사진= | 사진: | [사진 | 사진제공= | 图: | 图： | 图片: | 图片：
            图片来源: | 图片来源： | 图源: | 图源： | 供图: | 供图： | 摄影: | 摄影：
        """,
        "semitic": "صورة: | تصوير: | عدسة: | المصدر: | צילום: | צילום : | תמונה:",
    }
)

# What only a line under a picture says: who stands where, and that the picture is an old one.
CAPTION_MARKS = phrases(
    {
        "en": """
            (left) | (right) | (centre) | (center) | (pictured) | pictured: | file photo
            file image
        """,
        "de": """
            (l.) | (r.) | (m.) | (links) | (rechts) | (archivbild) | (archivfoto) | (symbolbild)
            legende:
        """,
        "fr": "(à gauche) | (à droite) | photo d'archives | photo d’archives | légende :",
        "es": """
            (izq.) | (dcha.) | (izquierda) | (derecha) | foto de archivo | imagen de archivo
        """,
        "it": "(a sinistra) | (a destra) | foto d'archivio | foto d’archivio",
        "pt": "(à esquerda) | (à direita) | foto de arquivo",
        "nordic": "arkivbild | arkivfoto | (t.v.) | (t.h.)",
        "slavic": """
            (po lewej) | (po prawej) | (vlevo) | (vpravo) | zdjęcie ilustracyjne | ilustrační foto
        """,
        "tr": "arşiv fotoğrafı",
        "asian": "（左） | （右） | （中央） | （資料写真） | 자료사진 | 资料图",
    }
)

# News agencies and picture libraries: a credit even without a word before it.
AGENCIES = phrases(
    {
        "all": """
            ap | the associated press | associated press | ap photo | afp | reuters | getty
            getty images | dpa | epa | epa-efe | efe | pa | pa wire | pa media | pa images
            press association | imago | imago images | picture alliance | picture-alliance
            shutterstock | istock | alamy | ansa | apa | keystone | sda | anp | belga | lusa | tt
            tt nyhetsbyrån | ntb | scanpix | ritzau scanpix | ritzau | lehtikuva | pap | čtk | ctk
            tass | ria novosti | sputnik | xinhua | kyodo | jiji | yonhap | anadolu | anadolu ajansı
            aa | iha | dha | europa press | afp via getty images | bloomberg | upi | zuma press
            zuma | nurphoto | unsplash | pexels | pixabay | adobe stock | adobestock
            wikimedia commons | wikimedia | rex | wireimage | filmmagic | canadian press
            the canadian press | cp | aap | antara | pti | ani | kcna | sipa | abaca | maxppp
            hollandse hoogte | ddp | epd | kna | dapd | action images | usa today sports | nasa
            esa | un photo | handout | supplied | file | ａｐ | ａｆｐ | ロイター | 共同 | 時事
            新华社 | 中新社 | 연합뉴스 | 뉴시스 | 뉴스1 | رويترز | أ ف ب | א.פ.פ | רויטרס
        """,
    }
)

# What stands before the names in a byline.
BYLINE_BEGINS = phrases(
    {
        "en": """
            by | by our | written by | author: | reported by | story by | words by
            author of the article
        """,
        "de": """
            von | ein artikel von | eine analyse von | ein kommentar von | kolumne von | aus
            interview: | autor: | autorin: | eine kolumne von | ein interview von | text:
            protokoll: | exklusiv von | ein gastbeitrag von
        """,
        "fr": "par | propos recueillis par",
        "es": "por | escrito por | texto:",
        "it": "di | a cura di | dal nostro",
        "pt": "por | da redação",
        "nl": "door",
        "nordic": "av | af | text: | tekst: | skrevet av | teksti:",
        "slavic": "autor: | autor | tekst: | автор: | автор | text:",
        "tr": "yazan: | haber: | haberi:",
        "id": "oleh | penulis: | penulis : | reporter:",
        "asian": """
            文/ | 文／ | 文： | 文・ | 文＝ | 取材・文 | 文・写真 | 记者 | 記者 | 作者： | 作者:
            기자
        """,
        "semitic": "كتب | كتبت | بقلم | بقلم: | تقرير: | إعداد: | מאת | מאת:",
    }
)

# What stands behind a name in a byline.
BYLINE_ENDS = ("記者", "记者", "기자", "特派員")

# What opens a letter: not the name of its author, though it has capitals.
SALUTATIONS = phrases(
    {
        "en": "dear | sir | madam",
        "de": "liebe | lieber | sehr geehrte-",
        "romance": "cher | chère | monsieur | madame | estimado | estimada | egregio | gentile",
    }
)

# Small words inside names and between them.
NAME_PARTICLES = phrases(
    {
        "between": "and | und | et | y | e | og | och | a | i | ve | &",
        "inside": """
            de | da | do | dos | das | del | della | di | du | van | von | der | den | ten | la | le
            el | al | bin | ibn
        """,
    }
)

WEEKDAYS = phrases(
    {
        "en": """
            monday | tuesday | wednesday | thursday | friday | saturday | sunday | mon | tue | wed
            thu | fri | sat | sun
        """,
        "de": """
            montag | dienstag | mittwoch | donnerstag | freitag | samstag | sonnabend | sonntag
        """,
        "fr": "lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche",
        "es": "lunes | martes | miércoles | jueves | viernes | sábado | domingo",
        "it": "lunedì | martedì | mercoledì | giovedì | venerdì | sabato | domenica",
        "tr": "pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar",
    }
)

# The beginnings of month names; enough of each to tell it from other words.
MONTHS = phrases(
    {
        "en": """
            january | february | march | april | may | june | july | august | september | october
            november | december | jan | feb | mar | apr | jun | jul | aug | sep | sept | oct | nov
            dec
        """,
        "de": """
            januar | jänner | februar | märz | mai | juni | juli | oktober | dezember | okt | dez
        """,
        "fr": """
            janvier | février | mars | avril | juin | juillet | août | septembre | octobre
            novembre | décembre
        """,
        "es": """
            enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre
            noviembre | diciembre | ene | abr | ago | dic
        """,
        "it": """
            gennaio | febbraio | aprile | maggio | giugno | luglio | settembre | ottobre | dicembre
        """,
        "pt": """
            janeiro | fevereiro | março | maio | junho | julho | setembro | outubro | dezembro
        """,
        "nl": "januari | februari | maart | mei | augustus",
        "nordic": "desember | januar | maí | júní | júlí | ágúst",
        "pl": """
            stycznia | lutego | marca | kwietnia | maja | czerwca | lipca | sierpnia | września
            października | listopada | grudnia
        """,
        "cs": """
            ledna | února | března | dubna | května | června | července | srpna | září | října
            listopadu | prosince
        """,
        "ru": """
            января | февраля | марта | апреля | мая | июня | июля | августа | сентября | октября
            ноября | декабря
        """,
        "uk": """
            січня | лютого | березня | квітня | травня | червня | липня | серпня | вересня | жовтня
            листопада | грудня
        """,
        "tr": """
            ocak | şubat | mart | nisan | mayıs | haziran | temmuz | ağustos | eylül | ekim | kasım
            aralık
        """,
        "ar": """
            يناير | فبراير | مارس | أبريل | مايو | يونيو | يوليو | أغسطس | سبتمبر | أكتوبر | نوفمبر
            ديسمبر | كانون الثاني | شباط | آذار | نيسان | أيار | حزيران | تموز | آب | أيلول
            تشرين الأول | تشرين الثاني | كانون الأول
        """,
        "he": """
            בינואר | בפברואר | במרץ | באפריל | במאי | ביוני | ביולי | באוגוסט | בספטמבר | באוקטובר
            בנובמבר | בדצמבר
        """,
    }
)
