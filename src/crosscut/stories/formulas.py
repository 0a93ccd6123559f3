"""What do presenters say when they go on to the next item?  Small lists of formulas by language, and where they are said.

The lists are our own and short on purpose: what every newsroom says, no names of persons and few of programmes.  They are
written as they are spoken and cut into words by the house's tokeniser: ``let's turn to`` also finds ``LET'S TURN TO``.
English was tried (``make quality``); of French, German and Spanish there is nothing marked by hand to try them on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from crosscut.tokens import norm, tokenise

#: What a formula does.  ``TURN``: goes on to another item.  ``TEASE``: says what comes later.  ``RETURN``: comes back from a
#: break.  ``GREET``: begins a programme.  ``THANK``: ends a report or an interview.  ``END``: ends a programme.
#: ``SELL``: what adverts say.  (Those of going into a break were tried: on dev they told nothing more.)
TURN, TEASE, RETURN, GREET, THANK, END, SELL = KINDS = ("turn", "tease", "return", "greet", "thank", "end", "sell")

FORMULAS: Mapping[str, Mapping[str, str]] = {
    "en": {
        TURN: "now to|next to|and now to|now on to|let's turn to|let's turn now to|turning to|turning now to|we turn to|"
              "we turn now to|we begin with|we begin this hour|we start with|returning to|returning now to|"
              "back to our top story|now let's go to|let's go to|let's move on|moving on|in other news|also this morning|"
              "also tonight|also today|also in the news|in the news|new this morning|new tonight|new details|"
              "breaking news|meanwhile|elsewhere|let's talk about|let's get a look|here's a look at|for a look at|"
              "let's take a look at|finally tonight|finally today|and finally|now if you|and now for|now in|now for|"
              "in sports|turning to sports|in business news",
        TEASE: "still to come|coming up|still ahead|straight ahead|just ahead|up next|coming up next|also in this podcast|"
               "later in this podcast|our main stories|our top stories|here are the headlines|the headlines|also ahead|"
               "ahead this hour|plus|when we come back|after the break|after this break|later this hour|that's next|"
               "that's ahead",
        RETURN: "welcome back|we're back|we are back|back now with|thanks for staying with us|good to have you back",
        GREET: "good morning|good evening|good afternoon|hello everyone|hello and welcome|hello again|hello i'm|"
               "hi everyone|hi i'm|you're watching|you're listening to|this is the|i'm|thanks for joining us|"
               "thank you for joining us|thank you for joining me|thanks for joining me|welcome to|live from",
        THANK: "thank you|thank you very much|thank you so much|thanks so much|thanks very much|many thanks|thanks|"
               "appreciate it|appreciate your time|thanks for being with us|thank you for being here|reporting|reports|"
               "our correspondent|for cnn|cnn|bbc news|fox news|nbc news|cbs news|abc news|sky news|speaking to us|"
               "talking to|good to see you|there",
        END: "that's all from us|that is all from us|that's all for now|that's it for us|that's it for me|"
             "that is it for me|that does it for|that's our show|that's our broadcast|thanks for watching|"
             "thank you for watching|thanks so much for watching|thank you so much for watching|have a great day|"
             "see you tomorrow|good night|goodbye|until next time|thanks for listening|thank you for listening",
        SELL: "wherever you get your podcasts|wherever you get your bbc podcasts|supported by advertising|listen now|"
              "subscribe now|follow or subscribe|ask your doctor|talk to your doctor|tell your doctor|side effects|"
              "call now|call today|order now|terms apply|terms and conditions apply|free trial|money back|limited time|"
              "visit your local|available at|sold separately|see your dealer|percent off|promo code|sponsored by|"
              "brought to you by|learn more at|sign up at|apr|introducing|new podcast|brand new",
    },
    "fr": {
        TURN: "passons à|passons maintenant à|venons-en à|on passe à|tout de suite|dans le reste de l'actualité|"
              "dans l'actualité également|à présent|direction|en bref|revenons à|place à|on commence avec|à la une",
        TEASE: "dans un instant|à suivre|tout à l'heure|dans la suite de ce journal|au sommaire|les titres|à venir",
        RETURN: "de retour|nous revoilà|on se retrouve|merci de nous rejoindre|merci de rester avec nous",
        GREET: "bonjour à tous|bonjour à toutes|bonsoir à tous|bonsoir à toutes|madame monsieur bonsoir|"
               "mesdames messieurs bonsoir|bienvenue|vous regardez|vous écoutez|bonsoir|bonjour",
        THANK: "merci|merci beaucoup|merci à vous|je vous remercie|un reportage de|en direct de|envoyé spécial",
        END: "c'est la fin de ce journal|merci de nous avoir suivis|merci de votre fidélité|bonne soirée|bonne journée|"
             "excellente soirée|à demain|au revoir",
        SELL: "offre valable|voir conditions|sans engagement|disponible en magasin|partenaire de|vous a été présenté par",
    },
    "de": {
        TURN: "nun zu|jetzt zu|und nun zu|damit zu|zurück zu|weitere meldungen|weitere nachrichten|in kürze|"
              "die nachrichten|nun nach|und jetzt|zum sport|nun zum sport|zum wetter|kommen wir zu|blicken wir|"
              "wir beginnen mit",
        TEASE: "gleich mehr|mehr dazu gleich|das sind unsere themen|die themen|die themen der sendung|außerdem|später|"
               "gleich",
        RETURN: "willkommen zurück|da sind wir wieder|wir sind zurück|weiter geht es|schön dass sie dabei sind",
        GREET: "guten abend|guten tag|guten morgen|meine damen und herren|herzlich willkommen|willkommen zur|willkommen zu",
        THANK: "vielen dank|danke|danke schön|dankeschön|herzlichen dank|danke nach|berichtet|aus berlin|ein bericht von",
        END: "das war die|das waren die|soweit die|auf wiedersehen|einen schönen abend|schönen abend noch|gute nacht|"
             "bis morgen|tschüss|wir sehen uns",
        SELL: "zu risiken und nebenwirkungen|jetzt im handel|jetzt bestellen|präsentiert von|wird präsentiert von|"
              "nur für kurze zeit",
    },
    "es": {
        TURN: "vamos con|vamos ahora con|pasamos a|pasamos ahora a|cambiamos de tema|en otras noticias|"
              "en otro orden de cosas|hablamos ahora de|volvemos a|mientras tanto|nos vamos a|empezamos con|"
              "comenzamos con|y ahora|por otra parte",
        TEASE: "a continuación|más adelante|enseguida|en unos minutos|los titulares|estos son los titulares|además|"
               "todavía por venir",
        RETURN: "estamos de vuelta|ya estamos de vuelta|de regreso|de vuelta|bienvenidos de nuevo|"
                "gracias por seguir con nosotros",
        GREET: "buenos días|buenas tardes|buenas noches|muy buenas|hola a todos|bienvenidos|bienvenidas|qué tal",
        THANK: "gracias|muchas gracias|muchísimas gracias|informó|informa|desde madrid|nuestro corresponsal|"
               "nuestra corresponsal",
        END: "esto es todo|eso es todo|es todo por hoy|hasta aquí|gracias por su atención|gracias por acompañarnos|"
             "hasta mañana|hasta la próxima|que descansen|adiós",
        SELL: "consulte a su médico|aplican restricciones|aplican términos|llame ahora|llame ya|patrocinado por|"
              "presentado por|por tiempo limitado|de venta en",
    },
}


@lru_cache(maxsize=16)
def _heads(language: str) -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Formulas by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, listed in FORMULAS.get(language, {}).items():
        for text in listed.split("|"):
            words = tuple(map(norm, tokenise(text, language).forms))
            found.setdefault(words[0], []).append((words, kind))
    return {head: sorted(those, key=lambda pair: -len(pair[0])) for head, those in found.items()}


def said(norms: Sequence[str], language: str) -> list[tuple[int, int, str]]:
    """Formulas in a text: first token, end, and what each does; a place may have several."""
    heads, found = _heads(language.partition("-")[0].lower()), []
    for place, word in enumerate(norms):
        for words, kind in heads.get(word, ()):
            if tuple(norms[place : place + len(words)]) == words:
                found.append((place, place + len(words), kind))
    return found
