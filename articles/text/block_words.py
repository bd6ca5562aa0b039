"""The words that give a page's furniture away, by language.

Data for the division into blocks. All in lower case; a hyphen at the end stands for any ending.
Phrases of many publishers only: publishers' own names would divide their pages and no others.
"""

from articles.text.block_phrases import phrases

# A line that is only this is furniture, wherever it stands.
WHOLE_LINES = phrases(
    {
        "en": """
            advertising | ad | menu | search | close | open | home | share | save | print | email
            copy link | comments | comment | more | next | previous | subscriptions | sign out
            login | my account | contact | about us | about | privacy | terms and conditions
            sitemap | site map | careers | jobs | faq | help | podcasts | podcast | video | videos
            live | latest news | latest | breaking news | opinion | weather | rss | listen | play
            mute | article content | gift article | social sharing | correction | show comments
            accept | ok | share article | view all | see all | show more | load more | tags | topics
            filed under | watch live | live updates | your email | email address | e-paper
            obituaries | open image in gallery | view gallery | image | photo | loading | trending
            bookmark | exclusive
        """,
        "social": """
            facebook | twitter | x | instagram | whatsapp | linkedin | youtube | telegram | tiktok
            reddit | pinterest | tumblr | bluesky | threads | mastodon | flipboard | messenger
            line | viber | vk
        """,
        "de": """
            werbung | teilen | merken | drucken | anhören | kommentar | startseite | suche | menü
            schließen | anmelden | abmelden | einloggen | abo | abonnieren | kontakt | agb
            über uns | mehr | weiter | zurück | zusammenfassung | vorlesen | karriere | mediadaten
            themen | zur app | inhalt | hilfe | wetter | empfohlener redaktioneller inhalt
            externer inhalt | link kopieren | link kopiert
        """,
        "fr": """
            menu | rechercher | accueil | se connecter | s'abonner | je m'abonne | commentaires
            commenter | enregistrer | imprimer | contact | mentions légales | fermer | à la une
            copier le lien | réagir | offrir
        """,
        "es": """
            menú | buscar | inicio | comentar | guardar | imprimir | cerrar | contacto | aviso legal
            escuchar | quiénes somos | temas
        """,
        "it": """
            pubblicità | menu | cerca | home | commenti | salva | stampa | chiudi | contatti
            privacy | ascolta | copia link
        """,
        "pt": """
            publicidade | compartilhar | menu | buscar | pesquisar | início | entrar | comentários
            guardar | imprimir | fechar | contato | contactos | ouvir
        """,
        "nl": """
            advertentie | delen | menu | zoeken | inloggen | abonneren | reacties | sluiten
            contact | luister
        """,
        "nordic": """
            annonse | reklame | reklam | del | deila | meny | menu | sök | søk | søg | log ind
            kommentarer | stäng | lukk | luk | kontakt | spara | lyssna | auglýsing | mainos | jaa
            valikko | haku | kirjaudu | tilaa | kommentit
        """,
        "slavic": """
            reklama | menu | szukaj | zaloguj się | prenumerata | komentarze | zamknij | sdílet
            hledat | přihlásit | předplatné | diskuze | zavřít | реклама | меню | поиск | войти
            комментарии | закрыть | поділитися | пошук | увійти | коментарі | главная
        """,
        "baltic": """
            reklama | dalintis | meniu | paieška | prisijungti | prenumeruoti | komentarai
            uždaryti
        """,
        "tr": """
            reklam | menü | ara | giriş | giriş yap | yorumlar | kapat | iletişim | ana sayfa
            haberler | anasayfa | künye
        """,
        "id": """
            iklan | bagikan | menu | cari | masuk | daftar | berlangganan | komentar | tutup
            beranda
        """,
        "ar": """
            إعلان | إعلانات | مشاركة | القائمة | بحث | تسجيل الدخول | تعليقات | التعليقات | إغلاق
            اتصل بنا | من نحن | الرئيسية | طباعة | نسخ الرابط
        """,
        "he": """
            פרסומת | שתף | תפריט | חיפוש | התחברות | כניסה | הרשמה | תגובות | סגור | צור קשר | אודות
            דף הבית | הדפסה
        """,
        "ja": """
            メニュー | 検索 | コメント | 閉じる | お問い合わせ | ホーム | トップ | 保存 | 印刷
            次へ | 前へ | もっと見る | 反応 | ニュース
        """,
        "ko": """
            광고 | 메뉴 | 검색 | 로그인 | 회원가입 | 닫기 | 홈 | 인쇄 | 스크랩 | 기사저장 | 본문
        """,
        "zh": """
            广告 | 廣告 | 菜单 | 搜索 | 搜尋 | 登录 | 登入 | 注册 | 註冊 | 评论 | 評論 | 关闭 | 關閉
            首页 | 首頁 | 打印 | 联系我们 | 关于我们
        """,
        "vi": "quảng cáo | menu | tìm kiếm | đăng nhập | bình luận | đóng | trang chủ",
    }
)

# A line that begins with this is furniture, if it is not as long as a paragraph.
LINE_BEGINS = phrases(
    {
        "en": """
            sign up | sign in | subscribe | log in | read more | read next | read also | also read
            related: | related article | related content | related stor- | related topics
            recommended | more about | more on | more from | more stories | most popular | most read
            most viewed | most recent | trending now | you may also | you might also
            popular videos | bulletin | story continues | article continues | join our
            join the conversation | join thought | share this | share on | share your | follow us
            tap here | watch: | watch more | video: | listen to | get our | get your | get email
            get updates | enter your email | by signing up | by clicking | by subscribing
            i would like to be emailed | i would like to receive | thanks for signing
            this site uses | this website uses | your privacy | support local | support our
            support independent | donate | become a member | copyright | © | (c) | email us
            contact us | send us | have a tip | got a story | do you know more | report report error
            corrections and | reprints and | skip to | jump to | back to | about the author
            please enable | to view this video | create an account | create a free
            already a subscriber | already have an account | register | unlock | this content is
            this article is free | enjoy additional | access articles | download our | download the
            available on | add us | add as a preferred | make us | what do you think | comments are
            view comments | leave a comment | sponsored | promoted | partner content
            from our partner | paid for by | explore more | editor's pick- | editors' pick-
            editor’s pick- | editors’ pick- | don't miss | don’t miss | keep reading | up next
            see also | see more | latest from | latest in | top stories | we apologize | an error
            there was an error | play video | hide message | manage your | change your
            you've reached | interested in more | a welcome email | with files from | check also
            funda
        """,
        "de": """
            lesen sie | mehr zum thema | mehr zu | mehr aus | mehr von | mehr lesen
            auch interessant | das könnte sie | das könnte dich | weitere artikel | weitere themen
            weitere videos | weitere nachrichten | jetzt abonnieren | jetzt registrieren
            mit meiner anmeldung | mit der anmeldung | melden sie sich | folgen sie | folge uns
            artikel teilen | teilen sie | diskutieren sie | zum hauptinhalt | zum inhalt
            zur navigation | anzeige | meistgelesen | am beliebtesten | neueste | empfehlungen
            top-themen | topthemen | themen: | schlagworte | alle rechte | wir benötigen ihre
            an dieser stelle | ich bin damit einverstanden | mit ihrer zustimmung | dieser inhalt
            einwilligung | ihre einwilligung | datenschutz | zurück zu | zum thema | video:
            im video | audio | podcast: | fehler gefunden | korrektur | hinweis der redaktion
            transparenzhinweis | dieser artikel | quelle: | hier geht es | hier geht's
            ein angebot von | wir freuen uns | kommentar schreiben | kommentare | um diesen
            um kommentare | über dieses thema | entdecken sie | unsere apps | ihr browser
            redaktionell | schon abonniert | sind sie bereits | bereits abonn | jetzt lesen
            jetzt testen | jetzt kostenlos | zum artikel | passend dazu | zur person
        """,
        "fr": """
            lire aussi | à lire | lire la suite | lire plus | sur le même sujet | les plus lus
            les plus lues | inscrivez-vous | abonnez-vous | recevez | partager | publicité
            la suite après | en savoir plus | contenus sponsorisés | à voir aussi | voir aussi
            voir tous | suivez | sur le même thème | réagissez | connectez-vous | tous droits
            déjà abonné | cet article est | il vous reste | nous utilisons | vidéo | aller au
            écouter | dans la même | à découvrir | sélection | l’essentiel | les dernières
        """,
        "es": """
            lee también | leer también | lea también | más información | más noticias
            noticias rel- | te puede interesar | le puede interesar | lo más leído | lo más visto
            suscríb- | regístrate | inicia sesión | compartir | síguenos | sigue
            temas relacionados | archivado en | publicidad | recibe | boletín
            conforme a los criterios | tu suscripción | todos los derechos | copiar | leer más
            ver más | ver comentarios | mostrar comentarios | comentarios | etiquetas | si quieres
            para seguir leyendo | ¿quieres | ir al contenido | reportar un error | normas
            también te | otras noticias | últimas noticias | últimos
        """,
        "it": """
            leggi | iscriviti | abbonati | condividi | potrebbe interess- | i più letti | più letti
            articoli correlati | vedi anche | guarda | © riproduzione | ti potrebbe | seguici
            argomenti | accedi
        """,
        "pt": """
            leia também | leia mais | ler mais | veja também | saiba mais | assine | inscreva-se
            siga | mais lidas | mais lidos | notícias relacionadas | compartilhe | partilhar
            receba | continua após | todos os direitos | já é assinante | tópicos
        """,
        "nl": """
            lees ook | lees meer | meer over | meest gelezen | aanbevolen | meld je aan | abonneer
            deel | schrijf je in | volg ons | bekijk ook
        """,
        "nordic": """
            les også | läs mer | läs också | läs även | les mer | les alt | læs også | læs mere
            se også | följ | følg | mest läst | mest lest | mest læst | prenumerera | abonner
            tips oss | tipsa | dela | del på | få | relatert- | relaterade | relateret | visa mer
            vis mer | lue myös | lue lisää | luetuimmat | mest lesið | lesa meira | annons
            artikeln | publisert av | få nyhet- | logga in | logg inn
        """,
        "slavic": """
            czytaj także | czytaj też | czytaj więcej | czytaj dalej | zobacz także | zobacz też
            zobacz również | przeczytaj | polecamy | najnowsze | najczęściej | subskrybuj
            zapisz się | udostępnij | obserwuj | wszelkie prawa | čtěte také | čtěte dál
            přečtěte si | mohlo by vás | nejčtenější | doporučujeme | odebírejte | sdílejte
            související | читать | смотрите также | подпис- | поделит- | самое | материалы по теме
            по теме | читайте | рекомендуем | популярн- | новости | підпис- | дивіться також
            слідкуйте | все права | témata
        """,
        "baltic": """
            skaitykite | taip pat skaitykite | susiję | populiariausi | prenumeruok | daugiau
            žiūrėk
        """,
        "tr": """
            ilgili haber | ilgili konu | bunlar da | diğer haberler | takip edin | paylaş
            çok okunan | en çok okunan | son dakika | devamını oku | haberin devamı | ayrıca oku
            bize ulaş | anadolu ajansı web | yorum yap
        """,
        "id": """
            baca juga | baca selengkapnya | lihat juga | berita terkait | terpopuler | simak | ikuti
            dapatkan | lihat semua | soma zaidi | soma pia | soma hii | habari zaidi
        """,
        "ar": """
            اقرأ أيضا | اقرأ أيضًا | اقرأ المزيد | اقرأ ايضا | إقرأ | شاهد أيضا | مواضيع ذات
            أخبار ذات | مقالات ذات | الأكثر | اشترك | تابعنا | تابعوا | تابعونا | شارك | جميع الحقوق
            للمزيد | المزيد
        """,
        "he": """
            קראו גם | קראו עוד | עוד בנושא | כתבות נוספות | הכי נקרא | הירשמו | הצטרפו | עקבו | שתפו
            כל הזכויות | לכתבות | רוצים | תגיות | אולי יעניין
        """,
        "ja": """
            関連記事 | あわせて読みたい | おすすめ | 人気記事 | ランキング | アクセスランキング
            続きを読む | もっと読む | 会員限定 | この記事 | 購読 | 登録 | ログイン | フォロー
            シェア | 広告 | 最新記事 | 注目 | 新着 | トップページ | ページの先頭
        """,
        "ko": """
            입력 20- | 수정 20- | 뒤로가기- | 전체메뉴 | 본문 바로가기 | 관련기사 | 관련 기사
            인기기사 | 인기 기사 | 많이 본 | 추천 | 구독 | 기사제보 | 제보 | 저작권 | ⓒ | 이 기사
            댓글 | 공유 | 좋아요 | 더보기 | 최신뉴스 | 실시간 | 주요뉴스 | 카카오톡
        """,
        "zh": """
            相关阅读 | 相關閱讀 | 相关新闻 | 相關新聞 | 延伸阅读 | 延伸閱讀 | 推荐阅读 | 推薦 | 热门
            熱門 | 订阅 | 訂閱 | 关注 | 關注 | 分享 | 责任编辑 | 責任編輯 | 版权 | 版權 | 更多
            点击 | 点赞 | 下一篇 | 上一篇 | 扫一扫 | 编辑: | 编辑：
        """,
        "vi": """
            xem thêm | đọc thêm | tin liên quan | bài liên quan | đăng ký | theo dõi | chia sẻ
            tin mới
        """,
    }
)

# A short line that begins with this stands over what follows the article.
ENDINGS = phrases(
    {
        "en": """
            more about | more from | more on this | most popular | most read | most viewed
            most recent | related articles | related stories | related topics | related content
            read next | recommended | you may also like | you might also like | comments
            join the conversation | join our commenting | about the author | about the authors
            about author | popular | trending | latest news | latest from | more stories
            sponsored content | partner content | submit a correction | submit a letter | the author
            write a comment | leave a comment | leave a reply | post a comment | top stories
            editor's picks | editors' picks | topics | tags | filed under | share this article
            follow us | our journalism | footer | more in | also in | see also | check also
            latest stories | elsewhere on | more top stories | more to explore | thanks for reading
            post navigation | in this story | further reading | what to read next | more coverage
            site index | newsletters | get the latest
        """,
        "de": """
            auch interessant | das könnte sie auch interessieren | kommentare | schlagworte | themen
            weitere artikel | weitere themen | meistgelesen | meistgelesene artikel
            am beliebtesten | passend zum artikel | passend zum thema | alle artikel zum thema
            andere autoren | zur startseite | jetzt aktuell | die redaktion empfiehlt | empfehlungen
            top-themen | feedback | weitere meldungen | weitere nachrichten | lesermeinungen
            leserkommentare | diskutieren sie mit | neueste artikel | neueste kommentare
            beliebte artikel | aktuelles | über den autor | über die autorin | zur autorin
            zum autor | meistgeklickt | nachrichten des tages | quellen | links zum thema | dossier
            das interessiert andere leser | aus dem ressort | dieses thema im programm
            schlagwörter | stichwörter | artikel teilen | artikelrechte | kommentar verfassen
            einen kommentar | debatte | fehler melden | mehr | top themen | anzeigen
        """,
        "fr": """
            sur le même sujet | les plus lus | les plus lues | commentaires | à découvrir
            sur le même thème | à lire aussi | les dernières | la rédaction vous
            dans la même rubrique | à voir également | réagir | contenus sponsorisés
            vos commentaires | nos vidéos | thèmes associés | tous les articles | sélection | le fil
        """,
        "es": """
            lo más leído | lo más visto | más noticias | comentarios | temas | etiquetas
            archivado en | te puede interesar | noticias relacionadas | más información
            mostrar comentarios | ver comentarios | últimas noticias | otras noticias | también en
            lo último | más en | sobre la firma | normas | te recomendamos
        """,
        "it": """
            articoli correlati | i più letti | commenti | argomenti | leggi anche
            potrebbe interessarti | tag | ultime notizie | video
        """,
        "pt": """
            mais lidas | mais lidos | comentários | notícias relacionadas | tópicos
            últimas notícias | leia também | tags
        """,
        "nl": "meer over | meest gelezen | reacties | aanbevolen | gerelateerd",
        "nordic": """
            mest läst | mest lest | mest læst | kommentarer | relaterat | relatert
            ämnen i artikeln | läs också | siste nytt | senaste nytt | mere om | flere nyheder
            luetuimmat | mest lesið | til toppen | saker
        """,
        "slavic": """
            czytaj także | zobacz także | polecane | najczęściej czytane | komentarze | tagi
            źródło | nejčtenější | související | diskuze | témata | mohlo by vás zajímat
            читайте также | читайте також | комментарии | коментарі | главное | новости по теме
            материалы по теме | популярное | все публикации | самое читаемое | теги
            последние новости | реклама:
        """,
        "baltic": """
            skaitykite taip pat | populiariausi | komentarai | susiję straipsniai | rašyti komentarą
            dalintis
        """,
        "tr": """
            ilgili haberler | ilgili konular | en çok okunan | çok okunanlar | diğer haberler
            yorumlar | etiketler | sıradaki haber | günün önemli | bunlar da | haberler
        """,
        "id": """
            berita terkait | terpopuler | komentar | baca juga | terkini | tag | berita lainnya
            habari zilizosomwa | habari nyingine
        """,
        "ja": """
            関連記事 | 人気記事 | ランキング | アクセスランキング | おすすめ | あわせて読みたい
            最新記事 | 注目 | 新着 | コメント | ピックアップ | 編集部のおすすめ | この記事を
            関連ニュース | あなたへのおすすめ | スクラップ
        """,
        "ko": """
            관련기사 | 관련 기사 | 인기기사 | 인기 기사 | 많이 본 뉴스 | 많이 본 기사 | 댓글
            추천기사 | 추천 기사 | 최신뉴스 | 주요뉴스 | 기자의 다른 | 이 기사를 | 저작권자
            관련 뉴스 | 핫뉴스
        """,
        "zh": """
            相关阅读 | 相關閱讀 | 相关新闻 | 相關新聞 | 延伸阅读 | 延伸閱讀 | 推荐阅读 | 热门 | 熱門
            评论 | 評論 | 责任编辑 | 編輯推薦 | 精彩推荐 | 热点新闻
        """,
        "semitic": """
            مواضيع ذات صلة | أخبار ذات صلة | الأكثر قراءة | التعليقات | اقرأ أيضا | اقرأ أيضًا
            كلمات دلالية | الكلمات المفتاحية | מאמרים קשורים | כתבות נוספות | תגובות | תגיות
            עוד בנושא | הכי נקראות
        """,
        "vi": "tin liên quan | bình luận | đọc nhiều | tin mới | xem nhiều | cùng chuyên mục",
    }
)

# A short line that has this anywhere is furniture.
INSIDE_LINES = phrases(
    {
        "en": """
            opens new tab | google news | latest articles | privacy policy | privacy notice
            terms of service | terms of use | sign up for | newsletter | your inbox
            all rights reserved | video player | your password | forgot password | logged in
            subscribe to | read more about | click here | failed to load | advertisement
            link copied | share on facebook | junk folder | sign in or | comments section
            terms & conditions | our journalism | back to top | © 20 | html5 | recaptcha
            community guidelines | minutes read | min read | minute read
            your email address | sign me up
        """,
        "de": """
            passwort | eingeloggt | netiquette | kommentieren | registrieren sie sich
            abonnieren sie | datenschutzerkl | nutzungsbedingungen | newsletter | jetzt anmelden
            impressum | alle rechte vorbehalten | cookie | kostenlos testen | abo abschlie
            lesezeit | zur startseite | externe inhalte | werbevereinbarung | javascript | lesedauer
            in den kommentaren
        """,
        "fr": """
            politique de confidentialité | newsletter | tous droits réservés | vos données
            s’abonner | conditions générales | temps de lecture
        """,
        "es": """
            política de privacidad | todos los derechos reservados | newsletter | iniciar sesión
        """,
        "it": "riproduzione riservata | informativa privacy | newsletter | tutti i diritti",
        "nordic": "personvern | integritetspolicy | nyhetsbrev | nyhedsbrev | tietosuoja",
        "slavic": """
            polityka prywatności | ochrana osobních | политика конфиденциальности | všechna práva
            все права защищены
        """,
        "tr": "gizlilik | tüm hakları | abone ol",
        "asian": """
            無断転載 | プライバシー | 利用規約 | 会員登録 | 무단 전재 | 무단전재 | 재배포 | 版权所有
            隐私政策 | kebijakan privasi
        """,
        "semitic": "جميع الحقوق محفوظة | سياسة الخصوصية | כל הזכויות שמורות | תנאי שימוש",
    }
)
