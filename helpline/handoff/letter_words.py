"""The words of letters to partners, in Arabic and English. Not yet looked at by native speakers of either field."""

REVIEWED_BY = ""
EXERCISE = {"en": "[EXERCISE]", "ar": "[تمرين]"}
URGENCY = {
    "emergency": {"en": "answer now", "ar": "مطلوب الرد الآن"},
    "urgent": {"en": "urgent", "ar": "عاجل"},
    "routine": {"en": "please answer", "ar": "نرجو الرد"},
}
ABOUT = {
    "offer": {"en": "The child helpline asks for your help.", "ar": "خط مساعدة الطفل يطلب مساعدتكم."},
    "notice": {
        "en": "There is something for you to look at, from the child helpline.",
        "ar": "هناك أمر من خط مساعدة الطفل ينتظر اطلاعكم.",
    },
    "withdrawn": {
        "en": "This is not needed from you any more. You need do nothing.",
        "ar": "لم يعد هذا الطلب مطلوباً منكم. لا يلزمكم فعل شيء.",
    },
    "cancel": {"en": "Please stop, and tell us that you have.", "ar": "نرجو التوقف وإبلاغنا بذلك."},
    "recall": {
        "en": "This is called back. Please stop, delete what you have, and tell us that you have.",
        "ar": "تم سحب هذا الطلب. نرجو التوقف وحذف ما لديكم وإبلاغنا بذلك.",
    },
    "declined": {"en": "We can not take this on. Please call us.", "ar": "لا نستطيع تولي هذا الأمر. نرجو الاتصال بنا."},
    "returned": {
        "en": "This has been given back to you. Please call us.",
        "ar": "أعيد هذا الأمر إليكم. نرجو الاتصال بنا.",
    },
    "receipt": {"en": "We have received this from you.", "ar": "وصلنا هذا الأمر منكم."},
}
FACTS = {
    "en": "Reference: {ref}\nUrgency: {urgency}\nCall us: {number}",
    "ar": "المرجع: {ref}\nالاستعجال: {urgency}\nاتصلوا بنا: \u2066{number}\u2069",
}
OPEN = {"en": "Open and answer", "ar": "الفتح والرد"}
