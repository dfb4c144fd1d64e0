"""What plain means in each tongue: how long a sentence may be, and which words order, blame or frighten."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Plain:
    """The measures of one tongue. Numbers are what its words were measured at when they were new, and a little air."""

    longest: int
    """Of a sentence, in words; in signs where words are not parted (`in_signs`)."""
    lix: int | None
    """Words a sentence, and how many of a hundred have over six letters: under 30 is for children, 40 a newspaper.

    Russian, Ukrainian and Hungarian say in one word's ending what others say in three words, so the same plain text
    stands higher. None where it says nothing: words of one syllable (Vietnamese), syllables in one sign (Korean),
    vowels that are marks and no letters (Hindi, Punjabi), words that are not parted (Chinese, Thai).
    """
    choice: str
    """How one says "you can" or "if you want"."""
    scolds: str
    """Orders, blame, labels. What we must do ourselves may be said."""
    trade: str
    """Names of what keeps words safe; they frighten, or send a person to something she then cannot use."""
    counted: str
    """Numbers from two on in words; a digit is read by everybody."""
    in_signs: bool = False
    mean: float = 12
    """Of the sentences of one page, in what `longest` counts."""
    notices: tuple[int, int] = (77, 297)
    """The short notice and the long one, in words: 70 and 270 in English, a tenth more elsewhere."""


# Arabic says one and two inside the word, and so do others; what they say with a word of its own is a digit here.
PLAIN = {
    "en": Plain(
        20, 25, "you can",
        r"\b(you must|must not|you have to|you should|do not forget|invalid|forbidden|illegal|victims?|failed|wrong"
        r" input|error)\b",
        r"\b(encrypt\w*|decrypt\w*|cipher\w*|cryptograph\w*|pgp|gpg|hash(es|ed)?|(public|private) keys?|password)\b",
        r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty)\b",
        notices=(70, 270),
    ),
    "fr": Plain(
        22, 32, "vous pouvez",
        r"\b(vous devez|vous ne devez|il faut que|n.oubliez pas|interdit|invalide|victimes?|erreur|échec|échoué)\b",
        r"\b((dé)?chiffr(é|er|ement)\w*|(dé)?crypt\w*|pgp|gpg|clés? (publique|privée)s?|mot de passe)\b",
        r"\b(deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|soixante)\b",
    ),
    "es": Plain(
        22, 35, "puede",
        r"(?<!no )\b(usted debe|debe|tiene que|hay que|no olvide|prohibid\w|inválid\w|víctimas?|error)\b",
        r"\b((des)?cifrad\w*|(des)?cifrar|criptograf\w*|encript\w*|pgp|gpg|claves? (pública|privada)s?|contraseña)\b",
        r"\b(dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|sesenta)\b",
    ),
    "tl": Plain(
        22, 36, "puwede",
        r"\b(dapat kang|dapat mo\w*|huwag kalimutan|bawal|ipinagbabawal|biktima|nabigo|error|invalid|failed)\b",
        r"\b((na)?encrypt\w*|decrypt\w*|pgp|gpg|(public|private) keys?|password)\b",
        r"\b(dalawa\w*|tatlo\w*|apat|lima\w*|anim|pito\w*|walo\w*|siyam|sampu\w*|dalawampu\w*)\b",
    ),
    "pa": Plain(
        20, None, "ਚਾਹੋ",
        r"(ਤੁਹਾਨੂੰ \w+ ਪਵੇਗਾ|ਕਰਨਾ ਚਾਹੀਦਾ|ਨਾ ਭੁੱਲੋ|ਮਨ੍ਹਾ ਹੈ|ਵਰਜਿਤ|ਪੀੜਤ|ਸ਼ਿਕਾਰ|ਅਸਫਲ|ਅਵੈਧ|ਗਲਤੀ|ਗ਼ਲਤੀ)",
        r"(ਇਨਕ੍ਰਿਪਟ|ਐਨਕ੍ਰਿਪਟ|ਪਾਸਵਰਡ|pgp|gpg)",
        r"(?<!\S)(ਦੋ|ਤਿੰਨ|ਚਾਰ|ਪੰਜ|ਛੇ|ਸੱਤ|ਅੱਠ|ਨੌਂ|ਦਸ|ਵੀਹ|ਤੀਹ)(?![^\s।,.])",
    ),
    "zh-Hans": Plain(
        36, None, "可以",
        r"(你必须|不得(?!不)|你应该|不要忘记|别忘|禁止|非法(?!律)|无效|错误|失败|受害者)",
        r"(加密|解密|密码|密钥|pgp|gpg)",
        r"[两二三四五六七八九十](个|天|分钟|位|次|组|种|人)",
        in_signs=True, notices=(150, 475),
    ),
    "zh-Hant": Plain(
        36, None, "可以",
        r"(你必須|不得(?!不)|你應該|不要忘記|別忘|禁止|非法(?!律)|無效|錯誤|失敗|受害者)",
        r"(加密|解密|密碼|密鑰|金鑰|pgp|gpg)",
        r"[兩二三四五六七八九十](個|天|分鐘|位|次|組|種|人)",
        in_signs=True, notices=(150, 475),
    ),
    "ar": Plain(
        20, 25, "يمكن",
        r"(يجب عليك|يجب أن|عليك أن|لا تنس|ممنوع|غير صالح|ضحية|ضحايا|فشل|خطأ)",
        r"(تشفير|مشف|المشف|pgp|مفتاح عام|مفتاح خاص|كلمة المرور|كلمة السر)",
        r"(ثلاث|أربع|خمس|ستة|ستون|سبع|ثمان|تسع|عشر)",
    ),
    "hi": Plain(
        20, None, "चाहें",
        r"(आपको \w+ पड़ेगा|करना चाहिए|मत भूल|मना है|निषिद्ध|पीड़ित|शिकार|असफल|विफल|अमान्य|त्रुटि|गलती|ग़लती)",
        r"(एन्क्रिप्ट|एनक्रिप्ट|कूटलेखन|पासवर्ड|pgp|gpg)",
        r"(?<!\S)(दो|तीन|चार|पाँच|पांच|छह|सात|आठ|नौ|दस|बीस|तीस)(?![^\s।,.])",
    ),
    "ur": Plain(
        20, 16, "چاہیں",
        r"(آپ کو لازم|کرنا چاہیے|مت بھول|ممنوع|منع ہے|متاثرہ|شکار|ناکام|آپ کی غلطی|غلطی ہوئی)",
        r"(انکرپٹ|خفیہ کاری|پاس ورڈ|pgp|gpg)",
        r"(?<!\w)(دو|تین|چار|پانچ|چھ|سات|آٹھ|نو|دس|بیس|تیس)(?!\w)",
    ),
    "fa": Plain(
        20, 18, "می‌توانید",
        r"(شما باید|نباید|فراموش نکنید|ممنوع|نامعتبر|قربانی|خطا(?!ر)|ناموفق|شکست)",
        r"(رمزنگاری|رمزگذاری|رمز عبور|گذرواژه|pgp|gpg)",
        r"(?<!\w)((?<!هر )دو|سه|چهار|پنج|شش|هفت|هشت|ده|بیست|سی)(?!\w)",
    ),
    "uk": Plain(
        20, 44, r"мож(на|ете)",
        r"\b(ви (повинні|мусите)|вам (слід|треба)|не забудьте|заборонен\w+|недійсн\w+|жертв\w+|помилк\w+|невдал\w+)",
        r"(шифр\w*|парол\w+|pgp|gpg)",
        r"\b(дв(а|і|ох)|три|трьох|чотир\w+|п.ять|шість|сім|вісім|дев.ять|десять|двадцять|тридцять)\b",
    ),
    "ru": Plain(
        20, 48, r"мож(но|ете)",
        r"\b(вы (должны|обязаны)|вам (следует|надо)|не забудьте|запрещ\w+|недопустим\w+|жертв\w+|ошибк\w+|неверн\w+)",
        r"(шифр\w*|парол\w+|pgp|gpg)",
        r"\b(дв(а|е|ух)|три|трёх|четыр\w+|пять|шесть|семь|восемь|девять|десять|двадцать|тридцать)\b",
    ),
    "vi": Plain(
        25, None, "có thể",
        r"\b(bạn (phải|nên)|đừng quên|cấm|không hợp lệ|nạn nhân|(?<!xin )lỗi(?! của bạn)|thất bại)\b",
        r"\b(mã hóa|mật khẩu|pgp|gpg)\b",
        r"\b((?<!cả )hai|ba|bốn|năm (?=phút|ngày|người)|sáu|bảy|tám|chín|mười|hai mươi)\b",
    ),
    "ko": Plain(
        16, None, r"(수 있어요|돼요)",
        r"(해야 합니다|하셔야|잊지 마|금지|불법|잘못된|피해자|오류|실패)",
        r"(암호|비밀번호|pgp|gpg)",
        r"(?<!\w)(두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무) ?(명|개|번|분|가지)",
        mean=7,
    ),
    "th": Plain(
        40, None, "ได้",
        r"(คุณควร|คุณจะต้อง|อย่าลืม|ห้าม|เหยื่อ|ล้มเหลว|ข้อผิดพลาด|ไม่ถูกต้อง)",
        r"(เข้ารหัส|รหัสผ่าน|pgp|gpg)",
        r"((?<!ทั้ง)สอง(?!สาม)|(?<!สอง)สาม(?!ารถ)|(?<!เ)สี่|ห้า(?!ม|ง)|(?<!โก)หก|เจ็ด|แปด|เก้า|สิบ|ยี่สิบ)",
        in_signs=True, mean=18, notices=(242, 785),
    ),
    "pt": Plain(
        22, 30, "pode",
        r"\b(você (deve|tem (de|que))|é obrigatório|não (se )?esqueça|proibid\w|inválid\w|vítimas?|erro|falh(a|ou))\b",
        r"\b(encript\w*|criptograf\w*|cifrad\w*|pgp|gpg|chaves? (pública|privada)s?|senha|palavra-passe)\b",
        r"\b(dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|doze|quinze|vinte|trinta|sessenta)\b",
    ),
    "ro": Plain(
        22, 34, "poți",
        r"\b(trebuie să(?! spunem| le)|nu uita|interzis\w*|invalid\w*|victim\w+|eroare|eșuat|greșit\w*)\b",
        r"\b((de)?cript\w+|cifrat\w*|pgp|gpg|chei? (publică|privată)|parol\w+)\b",
        r"\b(două|doi|trei|patru|cinci|șase|șapte|opt|nouă(?= zile| minute)|zece|douăzeci|treizeci)\b",
    ),
    "hu": Plain(
        20, 46, r"(\w+h[ae]t(sz|od|ed|nék)|ha (akarod|szeretnéd|úgy döntesz))",
        r"\b((?<!amit )muszáj|kötelező|tilos|ne felejts\w*|érvénytelen|áldozat\w*|hib(a|ás)|sikertelen)\b",
        r"\b(titkosít\w*|jelsz\w+|pgp|gpg|(nyilvános|privát) kulcs)\b",
        r"\b(kettő|két|három|négy|öt|hat|hét|nyolc|kilenc|tíz|húsz|harminc)\b",
    ),
    "ht": Plain(
        22, 20, "ou ka",
        r"\b(ou dwe|ou oblije|fòk ou|pa bliye|entèdi|viktim\w*|erè|echwe|pa valab)\b",
        r"\b(kripte\w*|chifreman|modpas|pgp|gpg)\b",
        r"\b(de (?=minit|moun|jou)|twa|kat|senk|sis|sèt|uit|nèf|dis|ven|trant)\b",
    ),
}  # fmt: skip

_ENDS = re.compile(r"(?<=[.!?؟:…؛।۔])\s+|(?<=[。！？：；])")


def wording(text: str) -> str:
    """A phrase as a sentence; a place for a name or number reads as one short word."""
    text = re.sub(r"%\(\w+\)s", "5", text)
    return text if text[-1] in ".?!:؟…।۔。！？：" else text + "."


def sentences(text: str, tag: str = "en") -> list[str]:
    """The text in sentences. Thai writes no stop, but a space where one sense ends."""
    parts = text.split() if tag == "th" else _ENDS.split(text)
    return [part for part in parts if re.search(r"\w", part)]


def length(text: str, tag: str) -> int:
    """Of a sentence, in what its tongue is measured in. A mark above or below a sign is none of its own."""
    if not PLAIN[tag].in_signs:
        return len(text.split())
    # A word in other letters, as of a kind of file, is one sign.
    text = re.sub(r"[A-Za-z0-9]+", "5", text)
    return sum(not sign.isspace() and not unicodedata.category(sign).startswith("M") for sign in text)


def lix(text: str, tag: str = "en") -> float:
    """Words a sentence, and how many of a hundred have over six letters."""
    words = re.findall(r"[^\W\d_]+", text)
    return len(words) / len(sentences(text, tag)) + 100 * sum(len(word) > 6 for word in words) / len(words)


def syllables(word: str) -> int:
    """Groups of vowels, a silent last e left out: rough, and never too kind to long words."""
    word = re.sub(r"[^a-z]", "", word.lower())
    if not word:
        return 1
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith("le") and groups > 1:
        groups -= 1
    if re.search(r"[^aeiouytd]ed$", word) and groups > 1:
        groups -= 1
    return max(1, groups)


def grade(text: str) -> float:
    """Flesch-Kincaid: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    words = re.findall(r"[A-Za-z’']+|\d+", text)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
