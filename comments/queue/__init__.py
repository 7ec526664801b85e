"""What waits for moderators: the piles of the queue, what one must know of each case, the figures, the private feed."""
