"""What is said to residents: classes, texts, and the message each resident keeps."""
