//! What is understood in English.

use super::phrases::Phrases;

/// The tables.
pub(super) const PHRASES: Phrases = Phrases {
    classes: &[
        ("cancel", "(cancel|cancell|cancle|cancal|canel|annul|void)"),
        ("canceling", "(canceling|cancelling|cancellin|canceling)"),
        ("canceled", "(canceled|cancelled|cancled|canceld)"),
        ("cancellation", "(cancellation|cancelation|cancellations|cancelling|canceling|cancel)"),
        (
            "softly",
            "[please|kindly|pls|plz|please do|just|simply|now|immediately|today|asap|as soon as possible|straight away|right away|right now|at once|therefore|hereby|\
             officially|formally|completely|entirely|fully|in full|altogether|for me|for us|for my wife and me|go ahead and|already|effective immediately|without delay|then|\
             at your earliest convenience|in its entirety|with immediate effect|, please|, pls|, thanks|, thank you]*",
        ),
        ("i", "(i|we|my wife and i|my husband and i)"),
        (
            "want",
            "[am|m|ve|have|d|would|hereby|now|therefore|do|really|rather|very much|just|both|all|kindly|much|sadly|unfortunately|regretfully]* \
             (like|love|prefer|want|wish|need|have|decided|chosen|writing|asking|requesting|ask|request|demand|require|wishing|looking|afraid i have|afraid i need|sorry i have|sorry to say i want|forced) [you]",
        ),
        ("day", "(monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday|tonight|tomorrow|this morning|last night|last week|last month|this week|earlier|recently|just now)"),
        ("month", "(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|christmas|spring|summer|winter|autumn|easter)"),
        ("date", "[the|of|on|in|at|end|middle|beginning|early|late|next|last|this|, ]* ({day}|{month}|@n|@nth|week|month|year|@n st|@n th|weekend) [{month}|@n|of|,|evening|morning|afternoon|night|year|weeks|months|days]*"),
        ("paid", "[a|an|my|the|your|our|full|complete|whole|entire|total|all|of|back|@n|usd|eur|that|prompt|quick]* (refund|refunds|money|funds|amount|payment|purchase price|price|sum|cash|what {i} paid|reimbursement|@n (usd|eur|dollars|euros)|deposit) [of|@n|usd|eur|dollars|euros|back|that|{i}|have|ve|paid|charged|you charged me|for it|for this]*"),
        (
            "to",
            "[to|on|onto|into|via|by|through|my|the|same|original|credit|debit|visa|mastercard|bank|card|account|paypal|method|of|payment|used|i paid with|back|me|us|asap|as soon as possible|\
             promptly|quickly|immediately|in full|full|right away|at once|today|now|please|within|@n|business|working|days|soon|accordingly|too|as well|, please]*",
        ),
        ("done", "(done|processed|completed|complete|finished|confirmed|{canceled}|gone through|taken care of|sorted|sorted out|dealt with)"),
        ("adjective", "(ridiculous|unacceptable|outrageous|unbelievable|terrible|awful|disgraceful|shameful|horrible|disappointing|appalling|frustrating|annoying|pathetic|scandalous|crazy|insane|absurd|poor service|sad|bad service|enough|a shame|a pity|a disgrace)"),
        ("feeling", "(disappointed|unhappy|angry|annoyed|frustrated|upset|fed up|dissatisfied|furious|tired of waiting|fed up with waiting|tired of this|sick of waiting|sick of this|done|out of patience|done waiting|sorry)"),
        (
            "wait",
            "(wait|hold|hang) [any|another|longer|that|this|so|long|for|much|more|anymore|until|till|to|two|three|four|five|six|seven|eight|a|few|months|weeks|days|whole|half|year|it|them|forever|{date}]*",
        ),
        ("thing", "(it|this|that|them|these|this item|these items|the items|the item|the goods|the product|the products|the order|this order|my order|the thing|the stuff|any of it|any of this|anything)"),
        ("longer", "[anymore|any more|any longer|now|at all|right now|after all|myself|so badly|that badly]*"),
    ],
    order: "[my|our|the|this|that|above|entire|whole|complete|full|all of|existing|pending|current|recent|latest|following|said|aforementioned|mentioned|open|back|attached|first]* \
            (order|oder|purchase|backorder|preorder|order in full|order completely) [,] [number|with the number|with number|with order number|id|of mine|below|above|mentioned above|mentioned below|in full|in its entirety]* [@number]* \
            [[, ] [that|which] (i|we) [have|ve|just|had]* (placed|made|submitted|ordered) [with you|from you|at your shop|on your site|online] [{date}]|(from|of|placed|made|dated) [on] {date}]|[order|number|order number|purchase]* @number",
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
        "{cancellation} {softly} (please|pls|plz)",
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
    asides: &[
        "(and|&|so|yes|yep|yeah|ok|okay|alright|well|oh|oh no|also|p s|ps|, then|please|,and|thus|therefore|hence|plus|right|actually|update)",
        "(hi|hello|hey|dear|good|greetings|hiya) [morning|afternoon|evening|day|there|again|all|team|everyone|everybody|folks|guys|sir|madam|or|sirs|ladies|gentlemen|and|customer|customers|service|support|care|shop|store|friends|sales|people|at|the|of|department|to you|@name]*",
        "to whom it may concern",
        "[many|with|and|so|very|a lot of|a million|thousand]* (thanks|thank you|thank u|thx|ty|tnx|cheers|thankyou|thnx|ta) [again|so much|very much|a lot|a million|you|in advance|kindly|in anticipation|for|your|the|all|help|assistance|helping|time|understanding|support|service|prompt|quick|patience|attention|reply|mail|email|e mail|message|update|information|info|notice|note|telling|letting|writing|getting|back to|me|us|know|about|of|this|and|handling|consideration|cooperation|response|in this matter|to this matter|honesty|everything|it]*",
        "[with|my|our|the|kind|kindest|best|warm|warmest|many|friendly|yours|very]* (regards|wishes|greetings|sincerely|truly|faithfully|respectfully|best|rgds)",
        "(all the best|take care|bye|bye bye|goodbye|merry christmas|happy holidays|happy new year|best of luck|good luck|no hard feelings)",
        "[and] have a (nice|good|great|lovely|wonderful|pleasant) (day|weekend|evening|week|one|afternoon|time|christmas|holiday)",
        "[and|i|we] [am|m|are|do|really|very|so|truly]* (sorry|apologies|my apologies|apologize|apologise|apologies) [for|about|to bother you|to trouble you|to have troubled you|that|the|any|all|this|your|inconvenience|trouble|hassle|bother|confusion|mess|extra|work|caused|may|cause|it|disturbance|short notice|late|again]*",
        "[i|we|would|d|it|is|would be|that|your|a|quick|short|very|much|help|reply|be|any|highly|greatly|{softly}]* (appreciate|appreciated|grateful|great|obliged|helpful|wonderful) [it|that|this|your|very|much|help|a|quick|short|reply|assistance|confirmation]*",
        "{softly} [{i} {want}|to|{i}|expect|look forward to|looking forward to|await|awaiting|would like|hope for|be|am]* {softly} (get|give|receive|have|return|send|pay|transfer|issue|process|arrange|make|initiate|provide|credit|wire|see|release|expect|want|await|request) \
         [me|us|to me|back|for]* {paid} {to}",
        "{softly} [{i} {want}|to|be|get|and|{i} expect to be|{i} would like to be]* {softly} (refund|refunded|reimburse|reimbursed|refunding|repay) [me|us|for it|for this|the order|my order|it|this|my card|my account|my credit card]* [{paid}] {to}",
        "[and|with] {softly} [a|my|the|for|for a]* [full|complete|total|prompt|quick|immediate|entire]* (refund|money back|reimbursement|amount|sum|money|payment) [is|be|to be|should be|must be|of]* [refunded|returned|reimbursed|credited|paid|sent|issued|@n|usd] [back] {to}",
        "[with|for] a (full|complete|total|prompt|quick) refund {to}",
        "{softly} (confirm|acknowledge) {softly} [to me|receipt|that|it|this|the|my|your|cancellation|has|have|been|is|was|once|when|as soon as|you have|you ve|{done}|by|via|in|email|mail|e mail|return|writing|and|refund|all|everything|reply|to|me|accordingly]*",
        "{softly} (send|give|drop|email|mail|write) [me|us] [a|an|the|your|short|written|quick|brief|email|e mail|line|{cancellation}|of|my|note]* (confirmation|note|receipt|line|word|proof) [email|mail|of|the|this|that|it|{cancellation}|by|e mail|via|please|has been|is|for my records|for our records|when|once|as soon as|{done}|my|refund|and]*",
        "{softly} (let me know|let us know|tell me|inform me|notify me|email me|reply|write back|get back to me) {softly} (once|when|as soon as|that|after) [it|this|that|you|the|my|order|refund|is|s|has|have|ve|been|was|all|everything|{cancellation}]* {done} {softly}",
        "{i} (await|look forward to|am waiting for|expect|would like|d like|am looking forward to|would appreciate|need) [your|a|an|the|written|short|early|quick|prompt|email|some|hearing from you|speedy]* (confirmation|reply|response|answer|hearing from you) [of|the|this|{cancellation}|and|refund|by|email|mail|please]*",
        "[a|short|quick|your|confirmation|would be|nice|good|great|enough|is]* confirmation [would be|is|will do|suffices|, please|please|by|email]* [nice|good|great|enough|appreciated|fine|welcome]",
        "looking forward to (hearing from you|your) [quick|prompt|reply|confirmation|response|answer|positive]*",
        "[customer|name|my name is|this is|i am|i m|from|signed|it is|here is|on behalf of|mr|mrs|ms|miss|dr|yours]* @name [here|writing|speaking|,|@name]*",
        "[re|ref|reference|regarding|concerning|about|my|our|the|order|orders|purchase|number|nr|id|is|it|it s|here|customer|in|for|to|with|s|above|cancel|cancellation|request|subject]* (@number|order number|order reference) [is|was|, ]* [@number]",
        "[order|the|my|a|an|of|request|for|customer|about|regarding|concerning|re|question|to|number|@number|notice|purchase]* (cancellation|cancelation|refund|order|purchase|cancel|canceling|cancelling|cancellation request|refund request) [request|notice|order|of|for|an|my|the|a|@number|purchase|urgent|please]*",
        "(now|today|asap|immediately|at once|right now)",
        "(see|as per|as in|as stated in|like in) [the|my]* (subject|subject line|title|above)",
        "[and|please|also]* (let me know|let us know|tell me|contact me|call me|get in touch|email me) if (you need|there is|there s|you require|i need to do|i have to do|i need to send) (anything|something|any|more) [else|further|more|information|from me|from my side|for this|to do|details|, ]*",
        "[please] (feel free to contact me|do not hesitate to contact me|don t hesitate to contact me|if you have [any] questions [please|, ]* (call me|contact me|let me know|email me))",
        "{i} (hope|trust) [that|this|the|cancellation|it|is|s]* (no problem|okay|ok|alright|all right|fine|possible without problems)",
        "[and|but|because|since|as|, ]* {i} [really|actually|just]* (need|needed|wanted|require|required) (it|this|them|one|something) [much|a lot]* [sooner|earlier|now|right away|this week|this month] [(for|by|before|in|at) [my|our|the|a|his|her]* (birthday|christmas|party|wedding|move|event|trip|holidays|thanksgiving|anniversary|exam|office|school|{date})]",
        "[and|but|because|since|as|, |it|was|this|had|have|to be|meant|intended|supposed|a|for|my|our|the|wife|husband|mother|father|son|daughter|friend|s|sister|brother|birthday|christmas]* (a|for|as a) (gift|present|surprise|birthday present|christmas present|christmas gift|birthday gift)",
        "[maybe|perhaps|hopefully|surely|, |and|but]* [i|we|will|ll|may|might|hope to|would]* (another time|next time|some other time|order again|come back|shop again|buy again|be back|try again) [to you|with you|from you|at your shop|later|soon|some day|one day|in the future|another time|next year]*",
        "[i|we] (hate|do hate) to do this|sorry to be a pain|sorry to be a nuisance|i know it is late|i know this is short notice|i regret this|much as i like it|{i} regret it",
        "[{i}|would|d|prefer|rather have|like|want]* my money back [, |please|now]*",
        "(urgent|important|attention|attn|request|customer service|refund)",
        "[but|and|, |well|sorry|because|since|as|that|this|it|the|which|your|@n|two|three|four|five|six|seven|eight|weeks|months|end of|{month}|another|more|of|delivery|waiting|wait|time|delay|shipping|date|new|estimated|ship|estimate|whole|just|simply|really|now|is|s|was|has|been|would|will|be|takes|take|taking|took|ve|far|much|way|a bit|already|getting|going to|gone on for|all]* (too|so|very) (long|late|slow|much|far|far away|long a wait|far off|far out|long to wait) [for|to|me|us|my|our|needs|plans|wait|, |unfortunately|sorry|a|purpose|purposes|{date}|liking|party|birthday|event]*",
        "[and|but|, |as|because|since|that]* [{i}|it|has|have|ve|already|meanwhile|in the meantime|since|now|just|recently|luckily|finally|had|then|actually|managed to]* (found|bought|got|gotten|purchased|ordered|received|been given|was given) [it|one|them|something|another|a|an|similar|the|same|thing|item|items|product|products|this|these|ones|like it|alternative|better|other|offer|deal|replacement|nicer|cheaper one]* [, |elsewhere|locally|here|somewhere|else|in|at|from|a|another|different|local|store|shop|seller|retailer|site|website|online|amazon|ebay|cheaper|for|less|already|today|yesterday|instead|now|by|competitor|sooner|faster|with|quicker|delivery|of yours|as a gift|as a present|the|half|price|better|lower|my|birthday|christmas|town|supermarket|around the corner|vendor]*",
        "[and|but|because|since|as|, ]* {i} [have|ve|just|had|simply|ll|suddenly|since]* changed (my|our) (mind|minds|plans) [about it|about this|about this order|about this purchase|about the order]",
        "[and|but|because|since|as|, ]* (my|our|the|these) (plans|circumstances|needs|situation) [have|has|ve]* changed",
        "[and|but|because|since|as|sorry|, ]* {i} [have|ve|had|accidentally|must have]* (placed|bought|ordered|clicked|made|pressed|chose|selected) [it|them|this|the|my|same|thing|item|items|order|wrong|product|size|color|colour|button|model|one|a|duplicate|in|twice|double|accidentally]* [twice|by mistake|by accident|in error|accidentally|by error]",
        "[and|because|since|as|it|this|the|my|was|is|sorry|, ]* (order|it|this) (was|is) [a|placed|made|ordered]* (in error|by mistake|by accident|duplicate|duplicate order|double order)",
        "[and|but|because|since|as|, |{i}|am|m|are|re|have|ve|had|feel|really|very|so|extremely|quite|just|now|simply|truly|deeply]* {feeling} [with|by|about|at|this|that|the|your|all|service|company|shop|delay|delays|of|wait|it|you]*",
        "[{i}|have|ve|had|we|i|really|just]* (had enough|had it|lost patience|run out of patience|lost interest|lost my patience|lost my job|waited long enough|waited for weeks|waited for months|been waiting [for] [weeks|months|ages|too long|so long|long enough|a month|@n|since|{date}]*|been patient [long enough]|waited [@n|weeks|months|long|, |since|{date}]*)",
        "[this|that|it|is|s|just|so|really|totally|absolutely|completely|very|simply|the delay|the wait|what|how]* {adjective}",
        "[now] [{i}|it|this|is|s|that]* (the|my|our|already the) (second|third|fourth|fifth|last|@n) (time|delay|postponement) [that|you|the|date|it|this|my|have|ve|has|been|move|moved|delay|delayed|postpone|postponed|changed|change|push|pushed|shipping|delivery|estimate|back|again|in a row|is|was|and|i]*",
        "[as|like] {i} [have|ve|already|had]* (wrote|said|mentioned|told you|asked|written|stated|requested|asked you|explained) [below|before|above|earlier|already|yesterday|in my last mail|in my last email|previously|on the phone|by phone|last week]*",
        "[as] discussed [on the phone|by phone|earlier|yesterday]",
        "{i} thought about (waiting|it|this) [for a while|, |a lot|again|and|but|no|over the weekend]* [but no]",
        "{i} [have|ve]* (decided|made up my mind|talked it over|discussed it|thought it over|thought about it|slept on it) [with|my|wife|husband|family|partner|at home|, |again]*",
        "{i} [really|just|urgently|now|will|ll]* (need|could use|have to save|must save|want) [the|my]* money [back|for|something|else|rent|now|, |other things|urgently|elsewhere]*",
        "(unfortunately|sadly|regrettably|too bad|oh well|what a pity|what a shame|a pity|a shame|honestly|seriously|wow|sigh|ugh|omg|wtf)",
        "[a|an|your|from|very|extremely|deeply|most|signed|one|now]* (unhappy|disappointed|angry|annoyed|frustrated|sad|dissatisfied|former|ex|loyal|long time) [ex|former|and|very|disappointed|unhappy]* customer",
        "(i hope you understand|hope you understand|thanks for understanding|please understand|hope that is ok|hope that s ok|i hope that is ok|hope this is ok|i hope all is well|hope you are well|i hope you are well|i hope this finds you well|hope this finds you well|i hope this email finds you well|hope you re well|hope you re doing well)",
        "[i know] [it is|it s|this is]* (nothing personal|no problem|my fault|your good right|my own fault|not your fault|nobody s fault|no one s fault)",
        "{i} [am|m|are|re|will be|have been|ll be|had]* (moving|moved|relocating|travelling|traveling|leaving|going on vacation|going away|away) [house|home|abroad|soon|away|to|another|country|city|town|for|work|{date}|a|while|on|the|new]*",
        "[my|the|phone|tel|telephone|mobile|cell|address|customer number|customer id]* @n",
    ],
    questions: &[
        "[and|also]* how (long|soon|quickly|fast) (does|will|would|do|can|until) [it|the|my|a|take|for|be|i|you|to|usually|normally|have|get|receive|see|expect|before|until|refund|money|back|on|card|account|is|process|arrive|reach|me|appear]*",
        "[and|also]* when (will|can|do|should|may|would|is) [i|we|the|my|a|to|get|receive|see|expect|have|be|refund|money|payment|back|refunded|issued|processed|on|card|account|arrive|reach|me]*",
        "[and|also]* (can|could|would|will) you {softly} (confirm|send me a confirmation|let me know when it is done|let me know when this is done|let me know once it is done|refund me|refund my card|refund the money|confirm this|confirm that|confirm it) {to}",
    ],
    refusals: &[
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
        "(i|we) (did not|didn t) (know|realize|realise|see|notice|expect) [that|it|this|the|was|is|were|would|item|items|lamp|on|backorder|back|order|take|so|long|delay|a]*",
    ],
    resume: "[and] (so|therefore|thus|hence|please|pls|plz|that is why|that s why|so please|and so|thanks|thank you|sorry)|and (i|we) (want|wish|would like|d like|need|have) to|and (am|m) asking you to",
    because: &["@both [of] (the|them|my)|including (the|all|both|everything)|all of it ,", "(because|since|due to|cause|cos|bc)", "as (i|we|it|my|our|the|this|they|there)", "(given that|seeing that|now that) (i|we|it|my|our|the)"],
    tells: &[
        "[then|so|but|now|well|, |today|last week|last night|meanwhile]* (you|you people|you guys) (took|promised|lied|sell|sold|advertised|charged|let|made|lost|showed|moved|have moved|have changed|have had|had)",
        "(your|the) (shop|store|website|site|service|page|support|competitor|delivery|supplier|date|new date|wait|delay|estimate|price)",
        "(last|at last|yesterday|today|this morning|meanwhile|in the meantime|since then|next|on|tomorrow) [week|night|month|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday|, |s|meeting]* (i|we|my|our)",
        "(i|we) (have|had|ve|am|m|was|were|are|re|need|could|got|bought|found|made|lost|moved|move|leave|live|just|already|recently|received|placed|ordered|thought|talked|took|paid|work|study|fly|go|went|met|saw|started|waited|called|wrote)",
        "(my|our|the) (wife|husband|son|daughter|mother|father|mom|mum|dad|brother|sister|boss|company|club|office|kids|children|family|friend|neighbor|neighbour|landlord|house|flat|room|doctor|school|party|wedding|birthday|vote|project|budget|partner|boyfriend|girlfriend|aunt|uncle|grandma|grandson|grandmother|cat|dog|team|event)",
        "(it|this|that) (was|has been|is) [for|meant|supposed|to be|a] (a birthday|for a|a present|a gift|for my|for our|christmas|meant|supposed)",
    ],
    contrary: CONTRARY,
    doubtful: DOUBTFUL,
};

/// Words of condition, of taking back, of parts, of other wishes.
const CONTRARY: &[&str] = &[
    "if", "unless", "otherwise", "except", "excepting", "provided", "providing", "assuming", "suppose", "supposing", "whether", "until", "till", "once", "soon", "case",
    "condition", "depending", "depends", "or", "either", "but", "however", "instead", "rather", "though", "although", "yet", "still",
    "only", "rest", "remaining", "part", "partly", "partial", "partially", "half", "besides", "keep", "keeping", "kept", "stay", "stays", "staying", "remain", "continue", "ship", "ships", "shipping",
    "send", "sends", "sending", "deliver", "swap", "exchange", "replace", "replacement", "switch", "modify", "add", "remove", "update", "postpone", "hold", "pause",
    "joke", "joking", "kidding", "pretend", "test", "testing", "lol", "haha", "hahaha", "fool", "fools", "forget", "nevermind", "mind", "disregard", "ignore", "undo", "revert", "reverse", "scratch", "strike", "oops",
    "nope", "stop", "please", "voucher", "coupon", "discount", "account", "subscription", "newsletter", "unsubscribe", "delete", "invoice", "address", "hypothetically", "quote", "quoting", "insist", "insists",
    "misunderstood", "misunderstanding", "and/or", "maybe", "perhaps", "possibly", "probably", "ask", "asked", "asking", "wonder", "wondering", "question", "patient", "dare", "wish", "wishes",
];

/// Words of negation and doubt, and of what the wish itself is about.
const DOUBTFUL: &[&str] = &[
    "not", "no", "non", "none", "never", "nothing", "nobody", "nowhere", "t", "don", "dont", "doesn", "didn", "won", "wont", "cannot", "cant", "isn", "aren", "wasn", "weren", "haven", "hasn", "without", "hardly", "barely", "neither", "would", "could", "should", "might", "may", "what", "why", "how", "think", "thinking", "believe", "guess", "sure", "unsure", "unclear", "considering", "considered", "tell", "told", "say", "said", "says", "yesterday", "wrong", "mistake", "mistaken", "wants", "want", "wanted", "like", "hope", "hoping", "love", "loves", "wrote", "wait", "waiting", "happy", "glad",
];
