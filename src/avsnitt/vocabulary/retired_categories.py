"""Apple's categories from before August 2019, and what each is called now.

A name that stands in both lists is not here.
"""

from __future__ import annotations

from typing import Final

RENAMED: Final = {
    "Literature": "Arts > Books",
    "Spoken Word": "Arts > Performing Arts",
    "Management & Marketing": "Business > Management",
    "Shopping": "Business",
    "Education Technology": "Education",
    "Educational Technology": "Education",
    "Higher Education": "Education > Courses",
    "K-12": "Education",
    "Language Courses": "Education > Language Learning",
    "Training": "Education > How To",
    "Games & Hobbies": "Leisure",
    "Other Games": "Leisure > Games",
    "Government & Organizations": "Government",
    "Local": "Government",
    "National": "Government",
    "Regional": "Government",
    "Health": "Health & Fitness",
    "Fitness & Nutrition": "Health & Fitness > Fitness",
    "Self-Help": "Education > Self-Improvement",
    "News & Politics": "News",
    "Science & Medicine": "Science",
    "Other": "Religion & Spirituality > Religion",
    "Gay & Lesbian": "Society & Culture",
    "Sports & Recreation": "Sports",
    "Amateur": "Sports",
    "College & High School": "Sports",
    "Outdoor": "Sports > Wilderness",
    "Professional": "Sports",
    "Gadgets": "Technology",
    "Podcasting": "Technology",
    "Software How-To": "Technology",
}

MOVED: Final = {
    ("Government", "Non-Profit"): "Business > Non-Profit",
    ("Leisure", "Fitness"): "Health & Fitness > Fitness",
    ("Society & Culture", "History"): "History",
    ("Business", "Business News"): "News > Business News",
    ("Technology", "Tech News"): "News > Tech News",
    ("Science", "Medicine"): "Health & Fitness > Medicine",
}
"""(what the category is called now, the name below it) of those that stand elsewhere now."""
