//! What the documents and the template say, held to what the code does.
