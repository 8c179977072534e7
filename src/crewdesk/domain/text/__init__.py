"""How the house reads text: Markdown, sentences, figures, names and quotations, without a model."""
