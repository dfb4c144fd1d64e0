"""The ground floor: web manners, keys and stores that chat and tips both stand on."""
