"""Why a resident is in a group: the rule read clause by clause over what is known of one person."""
