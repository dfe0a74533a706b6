//! The phrases that are understood in English.

mod asides;
mod weighing;

use super::phrases::Phrases;

/// The tables of phrases and words.
pub(super) const PHRASES: Phrases = Phrases {
    classes: &[
        ("cancel", "(cancel|cancell|cancle|cancal|canel|annul|void)"),
        ("canceling", "(canceling|cancelling|cancellin|canceling)"),
        ("canceled", "(canceled|cancelled|cancled|canceld)"),
        ("cancellation", "(cancellation|cancelation|cancellations|cancelling|canceling|cancel)"),
        (
            "softly",
            "[please|kindly|pls|plz|please do|just|simply|now|immediately|finally|today|asap|as soon as possible|straight away|right away|right now|at once|therefore|hereby|\
             officially|formally|completely|entirely|fully|in full|altogether|for me|for us|for my wife and me|go ahead and|already|effective immediately|without delay|then|\
             at your earliest convenience|in its entirety|with immediate effect|, please|, pls|, thanks|, thank you]*",
        ),
        ("i", "(i|we|my wife and i|my husband and i)"),
        (
            "want",
            "[am|m|ve|have|d|would|hereby|now|therefore|do|really|rather|very much|just|both|all|kindly|much|sadly|unfortunately|regretfully]* \
             (like|love|prefer|should like|want|wish|need|have|decided|chosen|writing|asking|requesting|ask|request|demand|require|wishing|looking|afraid i have|afraid i need|sorry i have|sorry to say i want|forced) [you]",
        ),
        (
            "day",
            "(monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tonight|tomorrow|this morning|last night|last week|last month|this week|earlier|recently|just now)",
        ),
        (
            "month",
            "(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|christmas|spring|summer|winter|autumn|easter)",
        ),
        (
            "date",
            "[the|of|on|in|at|end|middle|beginning|early|late|next|last|this|, ]* ({day}|{month}|@n|@nth|week|month|year|@n st|@n th|weekend) [{month}|@n|of|,|evening|morning|afternoon|night|year|weeks|months|days]*",
        ),
        (
            "paid",
            "[a|an|my|the|your|our|full|complete|whole|entire|total|all|of|back|@n|usd|eur|that|prompt|quick]* (refund|refunds|money|funds|amount|payment|every cent|every penny|purchase price|price|sum|cash|what {i} paid|reimbursement|@n (usd|eur|dollars|euros)|deposit) [of|@n|usd|eur|dollars|euros|back|that|{i}|have|ve|paid|charged|you charged me|for it|for this]*",
        ),
        (
            "to",
            "[to|on|onto|into|via|by|through|my|the|same|original|credit|debit|visa|mastercard|bank|card|account|paypal|method|of|payment|used|i paid with|i used|ending in|ending with|back|me|us|asap|as soon as possible|\
             promptly|quickly|immediately|in full|full|right away|at once|today|now|please|within|@n|business|working|days|soon|accordingly|too|as well|, please]*",
        ),
        (
            "done",
            "(done|processed|completed|complete|finished|confirmed|{canceled}|gone through|taken care of|sorted|sorted out|dealt with)",
        ),
        (
            "adjective",
            "(ridiculous|unacceptable|outrageous|unbelievable|terrible|awful|disgraceful|shameful|horrible|disappointing|appalling|frustrating|annoying|pathetic|scandalous|crazy|insane|absurd|poor service|sad|bad service|enough|a shame|a pity|a disgrace)",
        ),
        (
            "feeling",
            "(disappointed|unhappy|angry|annoyed|frustrated|upset|fed up|dissatisfied|furious|tired of waiting|fed up with waiting|tired of this|sick of waiting|sick of this|done|out of patience|done waiting|sorry)",
        ),
        (
            "wait",
            "(wait|hold|hang) [any|another|longer|that|this|so|long|for|much|more|anymore|until|till|to|two|three|four|five|six|seven|eight|a|few|months|weeks|days|whole|half|year|it|them|forever|{date}]*",
        ),
        (
            "thing",
            "(it|this|that|them|these|this item|these items|the items|the item|the goods|the product|the products|the order|this order|my order|the thing|the stuff|any of it|any of this|anything)",
        ),
        ("longer", "[anymore|any more|any longer|now|at all|right now|after all|myself|so badly|that badly]*"),
    ],
    order: "[my|our|the|this|that|above|damn|bloody|stupid|entire|whole|complete|full|all of|existing|pending|current|recent|latest|following|said|aforementioned|mentioned|open|back|attached|first]* \
            (order|oder|purchase|backorder|preorder|order in full|order completely) [,] [number|with the number|with number|with order number|id|of mine|below|above|mentioned above|mentioned below|in full|in its entirety]* [@number]* \
            [[, ] [that|which] (i|we) [have|ve|just|had]* (placed|made|submitted|ordered) [with you|from you|at your shop|on your site|online] [{date}]|(placed|made|ordered|submitted) (under|with|by|from|for) [the|my|email|mail|e mail|address|account|name|of]* @name [@name]*|[, ] (from|of|placed|made|dated) [on] {date}]|[order|number|order number|purchase]* @number",
    it: "it|this|this one please|everything|everything please|all of it|it all|this all|all|the whole thing|the entire thing|the lot|everything [that] (i|we) [have|ve]* ordered|@both items|@both the items|@both of them|\
         @both products|@both of the items|@both lines|all items|all the items|all my items|all of my items|all of the items|everything (in|on|from) {order}|all [the] items (in|on|from|of) {order}|the order in its entirety",
    wishes: &[
        "{softly} {cancel} {softly} {it} {softly}",
        "{i} {softly} [must|have to|need to|am going to have to|m going to have to|will have to|ll have to]  {softly} {cancel} {it} {softly}",
        "[{i}] {softly} {want} {softly} to {softly} {cancel} {softly} {it} {softly}",
        "[{i}] {want} {softly} [for|to have|to get|to see] {order} [to be|be] {softly} {canceled} {softly}",
        "{i} {want} {softly} [that] {order} (be|is|gets) {softly} {canceled} {softly}",
        "{i} [am|are|m|re] {softly} {canceling} {it} {softly}",
        "{softly} (have|get|see|make sure|ensure|see to it) [that] {order} (is|gets|be|) {softly} {canceled} {softly}",
        "{softly} [help me|go ahead with|start|begin|process|arrange|initiate|make|do|proceed with|accept|take this as|treat this as|consider this|regard this as|this is|note|arrange for|see to|carry out] \
         [a|an|my|the|our|notice of|formal|full|complete|immediate|request for|for]* {cancellation} [request|notice] (of|for) {order} {softly}",
        "{softly} (process|arrange|initiate|make|do|proceed with|accept|take this as|take this mail as|take this email as|take this e mail as|treat this as|consider this|regard this as|arrange for|carry out) \
         [a|an|my|the|our|notice of|formal|full|complete|immediate|request for]* {cancellation} [request|notice] {softly}",
        "{softly} consider {order} {canceled} {softly}",
        "{softly} {order} {cancellation} please",
        "[and|so|, |now]* {i} [have|ve|just|both|now|already|finally|therefore]* decided [that] {i} {want} [to] {softly} {cancel} {softly} {it} {softly}",
        "(due to|because of|given|owing to|in view of|after|with) [the|this|your|such a|a|long|longer|further|new|continued|repeated|latest|endless|shipping|delivery|another|all|these]* (delay|delays|wait|waiting time|delivery time|shipping time|circumstances|news|date) [,] {i} {want} to {softly} {cancel} {softly} {it} {softly}",
        "[{i}] {softly} {want} {softly} to {softly} (withdraw from|back out of|pull out of|step back from) {order} {softly}",
        "{i} [hereby|formally|now|kindly]* (request|ask|demand|insist) that you {softly} {cancel} {softly} {it} {softly}",
        "[{i}] [hereby] (withdraw|am withdrawing|m withdrawing) from ({order}|the contract|this contract|our contract|the sale|this sale|the purchase contract) {softly}",
        "{order} (can|should|must|needs to|has to|is to|ought to|shall) be {softly} {canceled} {softly}",
        "{softly} (take|treat|regard|consider|accept) this (mail|email|e mail|message|letter) as [my|a|formal|the|written|official]* (notice|notification) that {i} [am|m|are|hereby|wish to|want to]* ({canceling}|{cancel}) {it} {softly}",
        "{i} {softly} (wanna|gotta) {softly} {cancel} {softly} {it} {softly}",
        "let (s|us) {softly} {cancel} {it} {softly}",
        "{i} [would|d|will|ll]* (rather|prefer to|sooner) {cancel} {it} {softly} [then|instead|now|, then]*",
        "{softly} (take|treat|regard|consider|accept|see) this (mail|email|e mail|message|letter|note|reply) as [a|an|my|the|our|notice of|formal|full|complete|immediate|official]* {cancellation} [request|notice] [(of|for) {order}] {softly}",
        "{i} [would|d|will|ll]* [really|greatly|very much|much|be|very]* (be grateful|grateful|appreciate it|appreciate|be glad|be happy|obliged|thankful|be pleased|happy) if (you|someone|somebody) (could|would|can|were to|might) {softly} {cancel} {softly} {it} {softly}",
        "{cancellation} {softly} (please|pls|plz)",
        "(request|requesting|wish|asking) (to|for) [a|the]* {cancel} {order} {softly}",
        "(request|requesting|asking) for [a|the|full]* {cancellation} of {order} {softly}",
        "(please|pls|plz) {cancellation}",
        "{i} {want} [to] {softly} [to|request|have|ask for|make|get|apply for|a|an|the|my|full|complete|immediate|total]* {cancellation} [of {it}] {softly}",
        "{i} [hereby|am|m|would like to|want to|formally]* (request|requesting|ask for) [a|an|the|my|full|complete|immediate|total]* {cancellation} [(of|for) {it}] {softly}",
        "{order} , {softly} {cancel} {softly}",
        "{softly} {order} , {softly} {cancel} {it} {softly}",
        "[order|urgent|request|please|my|purchase|, |for|of]* {cancellation} [request|notice|of|order|for|, |purchase|my|the|number]* @number",
        "{cancellation} (of|for) [my|the|our|this]* (order @number|order|purchase @number|@number)",
    ],
    requests: &[
        "{softly} (can|could|would|will) [you|u|someone|somebody|your team] {softly} [be so kind as to|be so kind and|be kind enough to|have someone|help me|help me to|help us to|help to] {softly} {cancel} {softly} {it} {softly}",
        "{softly} (can|could|would|will) you {softly} (have|get|see that) {order} [is] {canceled} {softly}",
        "would you mind {canceling} {it} {softly}",
        "(may|can|could|might) (i|we) {softly} (ask|request|ask you|trouble you) [to|that you] {cancel} {it} {softly}",
        "(can|could|would|will) you {softly} (process|arrange|initiate|do|proceed with) [a|the|my]* {cancellation} [(of|for) {it}] {softly}",
    ],
    asides: asides::ASIDES,
    questions: &[
        "[and|but|, |oh|hello]* (seriously|really|what|excuse me|what the hell|are you serious|are you for real|are you kidding me|are you kidding|is this a joke|is that a joke|how is that possible|how can this be|what is going on [there|here]*|what is this|what kind of (shop|service|company) is this)",
        "[until|till|in|end of|mid|only in|not before|another]* ({month}|@n (weeks|months)|(two|three|four|five|six|seven|eight) (weeks|months)|next year)",
        "[and|but]* why (is|does|did|has) (this|it|my order|everything) [take|taking|taken|took|been]* so long",
        "[and|but]* (how|why) (can|do|did|could) you (sell|charge me for|take money for|advertise) (something|things|it|a product) [that] you (do not|don t) [even]* have",
        "[and|also]* how (long|soon|quickly|fast) (does|will|would|do|can|until) [it|the|my|a|take|for|be|i|you|to|usually|normally|have|get|receive|see|expect|before|until|refund|money|back|on|card|account|is|process|arrive|reach|me|appear]*",
        "[and|also]* when (will|can|do|should|may|would|is) [i|we|the|my|a|to|get|receive|see|expect|have|be|refund|money|payment|back|refunded|issued|processed|on|card|account|arrive|reach|me]*",
        "[and|also]* (can|could|would|will) you {softly} (confirm|send me a confirmation|let me know when it is done|let me know when this is done|let me know once it is done|refund me|refund my card|refund the money|confirm this|confirm that|confirm it) {to}",
    ],
    refusals: &[
        "[and|but|because|since|as|, |{i}|am|m|are|we]* not [at all|really|very]* (happy|satisfied|pleased|amused) [with|about|at|by] (the|this|your|that|it) [wait|delay|service|new|date|delay|at all|anymore|long]*",
        "[it|this|that|sorry|oops|is|s|was|the|, ]* wrong (size|color|colour|model|version|voltage|length)",
        "[and|but|because|since|as|, |so]* (the|your) (link|page|website|site|button|form) (does not|doesn t|did not|didn t|isn t|is not|won t|will not|no longer) [work|works|working|open|load|loading] [for me|anymore|here]*",
        "[and|but|because|since|as|, ]* {i} (can t|cannot|can not|could not|couldn t) (find|open|use|see|get) (the|your|that) (link|page|button|mail|email|e mail|form) [anymore|any more|to work]*",
        "[and|but]* {i} (wrote|called|emailed|mailed|phoned) [you|to you|@n|two|three|several|days|weeks|times|ago|last week|yesterday|twice|already|, |and|but|on|{day}]* [(got|had|received|have|heard) [no|not any|never|nothing]* [answer|reply|response|back]] [so far|yet]*",
        "[and|but|because|since|as|, |so|unfortunately]* (it|this|that|they|the order|my order|the delivery|everything) (won t|will not|wont|is not going to|isn t going to|cannot|can t) (be here|arrive|get here|come|make it|be delivered|reach me|reach us) [here|in time|on time|for|by|before|{date}|christmas|the holidays|then|soon enough|my birthday|the birthday|the party|the wedding]*",
        "[and|but|because|since|as|, |sorry|unfortunately|honestly|simply]* {i} [really|simply|just|unfortunately|honestly|m afraid i|am afraid i|also|sadly]* (do not|don t|dont|no longer|did not|didn t|have no) [really|actually|even|longer]* (want|need|require|have a use for|have any use for|use for|have use for|need or want|want or need|have the money for|have the time for|have time for) {thing} {longer}",
        "[and|but|because|since|as|, |sorry|unfortunately|honestly|simply]* {i} [really|simply|just|unfortunately|honestly|m afraid i|am afraid i|also|sadly|definitely]* (do not|don t|dont|no longer|cannot|can t|cant|can not|can no longer|will not|won t|wont|am not|m not|are not|am unable|m unable|would rather not|d rather not|could not|couldn t|am no longer|m no longer|refuse) \
         [really|actually|even|longer|simply|just|going|willing|able|prepared|ready|to|have|want|wish|need|afford|like|the|time|patience]* (wait|{wait}|afford {thing}|afford it|be home [then|that day]|use {thing}|accept that|accept this|stand it|take it anymore|be kept waiting) {longer}",
        "[and|but|because|since|as|, |unfortunately]* {thing} [is|s|are|was|will|be|won t|isn t|not|no|longer]* (no longer needed|no longer required|no longer wanted|not needed|not acceptable|not needed anymore|no use to me|no use to me anymore|not available|not in stock|not arriving in time|not here in time|not coming in time|won t arrive in time|won t be here in time|not here) {longer}",
        "[and|but|because|since|as|, |unfortunately]* {i} [am|m|are|re|have|ve]* (no longer interested|not interested|not interested anymore|no longer interested in (it|this|the order|this order)|not willing to wait|not happy|not satisfied|not happy with (this|that|the delay|the wait|your service)|lost interest)",
        "(this|that|it|which) (does not|doesn t|won t|will not|doesnt|is not going to) (work|work for me|work for us|do|help me|suit me)",
        "{i} thought about (waiting|it|this) , but no",
        "(no|nope) , thanks|no thanks|no thank you|no , thank you",
        "[and|please|, |so|there is|there s]* (don t|do not|dont|no need to) (ship|send|deliver|dispatch|charge|bill) (it|this|them|anything|the order|my order|the items|me|my card|my account) {longer}",
        "[and|but|because|since|as|, ]* (it|that|this|the wait) (is|s) not worth (it|the wait|waiting for|my time)",
        "[and|but|because|since|as|, ]* (the|that|this|your|new|date|delivery|shipping|january|february|march)* (does not|doesn t|do not|don t|won t|will not) (work for me|work for us|suit me|suit us|help me|help us|fit|fit my plans|fit our plans)",
        "[and|but|because|since|as|, ]* {i} [am|m|will|ll|are|re|won t|not|be]* (not|won t) (be) [at]* (home|here|there|in town|around|available) [then|that week|that day|anymore|{date}]*",
        "[and|but|, ]* (nobody|no one) (will be|is) (home|here|there|in) [then|{date}]*",
        "(this|that|it|which) (is|s|was) [really|just|simply]* not (good enough|okay|ok|acceptable|what {i} expected|what {i} wanted|what {i} ordered|what was promised|your fault|fair|funny|serious|professional|possible for me)",
        "{i} (cannot|can t|can not|could not|couldn t) (believe|accept|understand|justify) (this|that|it|the delay|the wait)",
        "[and|but|because|since|as|, |so]* {i} (won t|will not|wont|will no longer|ll not) [actually|really|even]* (need|be needing|want|use|have use for) {thing} {longer}",
        "[and|but|because|since|as|, ]* there is no (point|sense|use) (in waiting|waiting|in it) {longer}",
        "[and|, |but]* (you have not|you haven t|you did not|you didn t) (kept|keep|ship|shipped|deliver|delivered|hold|answer|answered|reply|replied) [your|to|my|me|it|promise|word|mails|date|in time|yet|on time|anything|mail]*",
        "{i} (have not|haven t|had not|did not|didn t) (heard|hear|got|get|received|receive) [back|anything|any|an|from you|news|answer|reply|it|in weeks|for weeks|so far|for a month]*",
        "[and|but|, |something|a product|an item|for]* (you do not|you don t|you don t even|you do not even) have [in stock|it|at all]*",
        "(i|we) (did not|didn t) (know|realize|realise|see|notice|expect) [that|it|this|the|was|is|were|would|item|items|lamp|on|backorder|back|order|take|so|long|delay|a]*",
    ],
    resume: "[and] (so|therefore|thus|hence|please|pls|plz|that is why|that s why|so please|and so|thanks|thank you|sorry)|and (i|we) (want|wish|would like|d like|need|have) to|and (am|m) asking you to",
    because: &[
        "@both [of] (the|them|my)|including (the|all|both|everything)|all of it ,",
        "(because|since|due to|cause|cos|bc)",
        "{i} [really|just|simply|actually]* (don t|do not|dont|no longer|won t|will not) [really|actually|even]* (need|want|require|have use for) (the|this|that|a|an|another|any|your)",
        "(the|my old|this) {any} [{any}] (takes|would|will|comes|arrives|broke|was)",
        "as (i|we|it|my|our|the|this|they|there)",
        "(given that|seeing that|now that) (i|we|it|my|our|the)",
        "{i} [just|already|have|ve|am|m|are|re|now|since|recently|accidentally]* (leave|leaving|travelling|traveling|fly|flying|moving|moved|bought|found|got|received|lost|ordered|placed|inherited|won)",
        "(my|our) [wife|husband|son|daughter|mother|father|mom|mum|dad|brother|sister|boss|friend|neighbor|neighbour|partner|aunt|uncle|kids|parents] (has|have|had|already|just)* (bought|found|got|gave|given|broke|moved|lost|ordered|died)",
        "[then|so|now|well|and|, ]* (you|you people|you guys) [have|ve|first|simply|just]* (took|taken|promised|lied|sell|sold|advertised|charged|made|lost|showed|moved|changed|had)",
    ],
    tells: &[
        "[then|so|but|now|well|, |today|last week|last night|meanwhile]* (you|you people|you guys) (took|promised|lied|sell|sold|advertised|charged|let|made|lost|showed|moved|have moved|have changed|have had|had)",
        "(your|the) (shop|store|website|site|service|page|support|competitor|delivery|supplier|date|new date|wait|delay|estimate|price)",
        "(last|at last|yesterday|today|this morning|meanwhile|in the meantime|since then|next|on|tomorrow) [week|night|month|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|, |s|meeting]* (i|we|my|our)",
        "(i|we) (have|had|ve|am|m|was|were|are|re|need|could|got|bought|found|made|lost|moved|move|leave|live|just|already|recently|received|placed|ordered|thought|talked|took|paid|work|study|fly|go|went|met|saw|started|waited|called|wrote)",
        "(my|our|the) (wife|husband|son|daughter|mother|father|mom|mum|dad|brother|sister|boss|company|club|office|kids|children|family|friend|neighbor|neighbour|landlord|house|flat|room|doctor|school|party|wedding|birthday|vote|project|budget|partner|boyfriend|girlfriend|aunt|uncle|grandma|grandson|grandmother|cat|dog|team|event)",
        "(it|this|that) (was|has been|is) [for|meant|supposed|to be|a] (a birthday|for a|a present|a gift|for my|for our|christmas|meant|supposed)",
    ],
    contrary: weighing::CONTRARY,
    doubtful: weighing::DOUBTFUL,
};
