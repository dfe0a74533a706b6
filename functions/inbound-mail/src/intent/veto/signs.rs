//! The words that count as signs, in all seven languages, in plain spelling.

/// Words for an order.
pub(super) const ORDER: &str = "\
    order orders oder purchase backorder preorder bestellung auftrag kauf commande commandes achat pedido \
    pedidos compra encomenda ordine acquisto bestelling aankoop @number";
/// Words for the whole order, or for something mentioned before.
pub(super) const WHOLE: &str = "\
    it this everything all alles das es sie tout la le l todo lo tutto tudo het dit both @both items them";
/// Words for other things that may be canceled.
pub(super) const THINGS: &str = "\
    refund refunds payment payments charge charges money invoice bill receipt confirmation mail mails email \
    emails message messages request wish desire subscription newsletter account membership registration \
    complaint question address return change swap hold delay contract reminder delivery shipping shipment \
    parcel package protection credit plan notice status appointment card search erstattung ruckerstattung \
    rueckerstattung ruckzahlung rueckzahlung zahlung rechnung mahnung nachricht anfrage lieferung \
    versand stornierung widerruf wunsch konto abo termin remboursement paiement facture message demande \
    courriel livraison compte abonnement annulation envoi reembolso pago factura mensaje solicitud correo \
    envio entrega cuenta suscripcion cancelacion peticion rimborso pagamento fattura messaggio richiesta \
    spedizione consegna abbonamento annullamento fatura mensagem solicitacao cancelamento conta assinatura \
    informacao informacion ajuda ayuda terugbetaling betaling factuur bericht verzoek levering verzending \
    rekening annulering lidmaatschap";
/// Nouns for canceling. The words after such a noun do not say what is canceled.
pub(super) const NOUNS: &str = "\
    cancellation cancelation cancellations cancelling canceling stornierung storno widerruf annullierung \
    annulation cancelacion anulacion annullamento annulering cancelamento anulacao";
/// The endings of words for a completed cancelation.
pub(super) const PARTICIPLES: &str = "\
    celled celed celd orniert ornierte ornierten ulliert celado celada ulado nullato nullata nuleerd \
    nuleerde";
/// Words of a request.
pub(super) const ASKS: &str = "\
    please pls plz kindly want wants need like have get should must consider see made be bitte mochte \
    moechte mochten will wollen soll sollte muss wunsche bitten hatte gern gerne veuillez veux souhaite \
    voudrais voulons merci svp plait prie dois desire prefere quiero quisiera queremos deseo favor gustaria \
    tengo necesito prefiero ruego vorrei voglio vogliamo desidero prego devo favore gradirei preferisco \
    chiedo quero gostaria desejo preciso peco tenho pretendo prefiro wil willen wilt graag alstublieft aub \
    moet wens verzoek";
/// Phrases of thanks for something done.
pub(super) const THANKS: &[&str] = &[
    "thanks for",
    "thank you for",
    "thx for",
    "gracias por",
    "obrigado por",
    "obrigada por",
    "obrigado pelo",
    "obrigada pelo",
    "grazie per",
    "grazie di",
    "bedankt voor",
    "dank voor",
    "dank u voor",
    "danke fur",
    "danke furs",
    "danke fuer",
    "dank fur",
    "merci pour",
    "merci d avoir",
    "sorry for",
];
/// Words for "late".
pub(super) const LATE: &str = "\
    late spat spaet tard tarde tardi laat";
/// Words that select one of several orders.
pub(super) const OTHER: &str = "\
    first second third last previous other old older earlier next upcoming wrong latest double duplicate \
    erste ersten zweite zweiten letzte letzten alte alten andere anderen vorherige doppelte premiere premier \
    derniere dernier ancienne autre deuxieme seconde primer primera primero ultimo ultima anterior otro otra \
    segundo viejo primo prima altro precedente vecchio secondo primeiro primeira outro outra antigo eerste \
    laatste vorige oude tweede dubbele hier amazon pizza";
/// Words between an order and the time at which it was placed.
pub(super) const COUPLES: &str = "\
    of from on dated placed made vom von aus du d de del di van at before after to with under by in";
/// Words for the time of an order.
pub(super) const WHEN: &str = "\
    yesterday today last monday tuesday wednesday thursday friday saturday sunday january february march \
    april may june july august september october november december month week year gestern montag dienstag \
    mittwoch donnerstag freitag samstag sonntag januar februar marz mai juni juli oktober dezember letzten \
    hier lundi mardi mercredi jeudi vendredi samedi dimanche janvier octobre novembre ayer lunes martes \
    enero octubre noviembre ieri lunedi gennaio ottobre ontem segunda janeiro outubro novembro gisteren \
    maandag januari amazon dhl berlin part blue bob";
/// Words for money.
pub(super) const MONEY: &str = "\
    usd eur gbp € $ £ dollars dollar euros euro pounds";
/// Phrases that say that the order has arrived.
pub(super) const ARRIVED: &[&str] = &[
    "received it",
    "received my order",
    "received the order",
    "has arrived",
    "it arrived",
    "have it already",
    "ist angekommen",
    "ist da",
    "ha llegado",
    "llego ya",
    "est arrivee",
    "e arrivato",
    "ja chegou",
    "is aangekomen",
];
/// Phrases that say that there are two orders.
pub(super) const TWICE: &[&str] = &[
    "ordered twice",
    "ordered two",
    "ordered three times",
    "two orders",
    "placed two",
    "have two orders",
    "double order",
    "duplicate order",
    "zweimal bestellt",
    "doppelt bestellt",
    "zwei bestellungen",
    "deux fois",
    "deux commandes",
    "dos veces",
    "dos pedidos",
    "due volte",
    "due ordini",
    "duas vezes",
    "dois pedidos",
    "duas encomendas",
    "twee keer",
    "twee bestellingen",
    "one too many",
    "wrong item",
    "wrong one",
    "wrong product",
    "wrong thing",
];
